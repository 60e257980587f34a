import NetTypes
import Testing

struct AddressTests {
    @Test(
        "Addresses print in their canonical form",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
            ("1::", "1::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("fd00:12:13::56", "fd00:12:13::56"), ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("0:0:0:0:0:0:0:0", "::"),
        ])
    func canonical(_ text: String, _ expected: String) throws {
        #expect(try #require(IPAddress(text)).description == expected)
    }

    @Test(
        "Text that is no address is refused",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.", ".1.2.3", "1.2.3.4 ", "-1.2.3.4", ":",
            ":::",
            "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "1:", ":1", "+1::",
            "fe80::1%eth0", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:1",
        ])
    func refused(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("Any IPv6 address survives its own text")
    func roundTrip() {
        for _ in 0..<5_000 {
            // Sparse bits, so that runs of zero groups of every length come up.
            let value =
                UInt128.random(in: 0...UInt128.max) & UInt128.random(in: 0...UInt128.max)
                & UInt128.random(in: 0...UInt128.max)
            var sparse: UInt128 = 0
            for group in 0..<8 where Bool.random() { sparse |= value & (0xFFFF << UInt128(16 * group)) }
            let address = IPv6Address(rawValue: sparse)
            #expect(IPv6Address(address.description) == address)
        }
    }

    @Test("Octets are in network order and read back")
    func octets() throws {
        let address = try #require(IPAddress("fd00::1:2"))
        #expect(address.octets == [0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2])
        #expect(IPAddress(octets: address.octets) == address)
        #expect(IPAddress(octets: [10, 1, 2, 3])?.description == "10.1.2.3")
        #expect(IPAddress(octets: [10, 1, 2]) == nil)
    }

    @Test("MAC addresses read both separators and either case, and print lower-case with colons")
    func mac() throws {
        #expect(MACAddress("C6:d2:32:6F:8f:44")?.description == "c6:d2:32:6f:8f:44")
        #expect(MACAddress("c6-d2-32-6f-8f-44")?.octets == [0xC6, 0xD2, 0x32, 0x6F, 0x8F, 0x44])
        for text in ["", "c6:d2:32:6f:8f", "c6:d2:32:6f:8f:4", "c6:d2:32:6f:8f:44:55", "g6:d2:32:6f:8f:44"] {
            #expect(MACAddress(text) == nil)
        }
        for _ in 0..<100 {
            let random = MACAddress.random()
            #expect(!random.isMulticast && random.rawValue >> 41 & 1 == 1)
        }
    }
}

struct CIDRTests {
    @Test(
        "A network knows its first, last and mask",
        arguments: [
            ("10.5.52.7/24", "10.5.52.0", "10.5.52.255", "255.255.255.0"),
            ("10.5.52.7/32", "10.5.52.7", "10.5.52.7", "255.255.255.255"),
            ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "0.0.0.0"),
            ("fd00:12:13::56/56", "fd00:12:13::", "fd00:12:13:ff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ff00::"),
            ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::"),
        ])
    func bounds(_ text: String, _ first: String, _ last: String, _ mask: String) throws {
        let cidr = try #require(CIDR(text))
        #expect(cidr.description == text)
        #expect(cidr.first.description == first)
        #expect(cidr.last.description == last)
        #expect(cidr.mask.description == mask)
    }

    @Test(
        "Text that is no network is refused",
        arguments: [
            "", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
            "10.0.0.0/8/8",
        ])
    func refused(_ text: String) {
        #expect(CIDR(text) == nil)
    }

    @Test("Containment and overlap hold within a family only")
    func containment() throws {
        let network = try #require(CIDR("10.5.0.0/16"))
        #expect(try network.contains(#require(IPAddress("10.5.255.1"))))
        #expect(try !network.contains(#require(IPAddress("10.6.0.1"))))
        #expect(try !network.contains(#require(IPAddress("::10.5.0.1"))))
        #expect(try network.contains(#require(CIDR("10.5.3.0/24"))))
        #expect(try !network.contains(#require(CIDR("10.0.0.0/8"))))
        #expect(try network.overlaps(#require(CIDR("10.0.0.0/8"))))
        #expect(try !network.overlaps(#require(CIDR("10.6.0.0/16"))))
    }
}
