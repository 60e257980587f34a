import NetTypes
import Overlay
import TestSupport
import Testing

@Suite struct SubnetKeyTests {
    @Test(
        "A key prints as it was read",
        arguments: [
            "10.5.52.0-24", "10.5.52.0-24&fd00:12:13::-56", "192.168.0.0-30", "0.0.0.0-0&fd00:12:13::-56",
            "10.0.0.0-8&2001:db8::-64", "10.5.1.1-32",
        ])
    func roundTrip(_ text: String) {
        #expect(SubnetKey(text)?.description == text)
    }

    @Test(
        "Text that is no key is refused",
        arguments: [
            "", "10.5.52.0", "10.5.52.0/24", "10.5.52.0-", "-24", "10.5.52.0-33", "10.5.52.0-24-", "10.5.52-24",
            "10.5.52.256-24", "10.5.52.0-24&", "&fd00::-56", "10.5.52.0-24&fd00::-129", "10.5.52.0-24&10.6.0.0-24",
            "fd00::-56&10.5.52.0-24", "10.5.52.0-024", "x10.5.52.0-24", "10.5.52.0-24x", "10.5.52.7-24", "0.0.0.0-0",
            " 10.5.52.0-24", "10.5.52.0-24\n", "10.5.52.0--24", "10.5.52.0-+24", "10.5.52.0-24&fd00::1-56",
            "10.5.52.0-24&fd00::-56&fd01::-56", "010.5.52.0-24", "config",
            "fd00:12:13::-56", "0.0.0.0-0&0.0.0.0-0", "0.0.0.0-0&fd00::1-56", "0.0.0.0-00&fd00::-56", "0.0.0.0-0&",
        ])
    func bad(_ text: String) {
        #expect(SubnetKey(text) == nil)
    }

    @Test func `Random keys survive printing and parsing`() {
        var random = SeededGenerator()
        for _ in 0..<2000 {
            let v4 = CIDR(.v4(IPv4Address(rawValue: random.next32())), Int.random(in: 1...32, using: &random)).network
            let v6 = CIDR(
                .v6(IPv6Address(rawValue: UInt128(random.next()) << 64 | UInt128(random.next()))),
                Int.random(in: 1...128, using: &random)
            ).network
            let key = SubnetKey(v4: Bool.random(using: &random) ? v4 : nil, v6: v6)
            #expect(key.flatMap { SubnetKey($0.description) } == key, "seed \(random.seed)")
        }
    }

    @Test func `Mangled keys never trap`() {
        var random = SeededGenerator()
        for _ in 0..<5000 {
            let text = random.mangle("10.5.52.0-24&fd00:12:13::-56")
            if let key = SubnetKey(text) { #expect(SubnetKey(key.description) == key, "seed \(random.seed)") }
        }
    }
}
