import NetTypes
import TestSupport
import Testing

@testable import CNI

@Suite("Announcement")
struct AnnouncementTests {
    @Test(
        "the frames are those that the kernel sends",
        arguments: [
            // As tcpdump -xx showed them at `ip link set eth0 address 0a:58:0a:58:00:09` with arp_notify and ndisc_notify.
            (
                "10.88.0.9",
                "ffffffffffff0a580a5800090806 0001080006040001 0a580a580009 0a580009 000000000000 0a580009"
            ),
            (
                "fd00:88::9",
                """
                3333000000010a580a58000986dd 6000000000203aff fd000088000000000000000000000009
                ff020000000000000000000000000001 880046c320000000 fd000088000000000000000000000009 02010a580a580009
                """
            ),
        ])
    func frames(address: String, expected: String) throws {
        let mac = try #require(MACAddress("0a:58:0a:58:00:09"))
        let frame = Announcement(addresses: [], mac: mac).frame(for: try #require(IPAddress(address)))
        let text = frame.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(text == expected.filter(\.isHexDigit))
    }
}
