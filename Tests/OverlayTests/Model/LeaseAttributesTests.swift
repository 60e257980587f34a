import JSON
import NetTypes
import Overlay
import TestSupport
import Testing

@Suite struct LeaseAttributesTests {
    /// What a flanneld writes, byte for byte.
    static let flannelValues = [
        #"{"PublicIP":"192.168.64.3","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"c6:d2:32:6f:8f:44"}}"#,
        #"{"PublicIP":"10.0.0.1","PublicIPv6":"2001:db8::5","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"c6:d2:32:6f:8f:44"},"BackendV6Data":{"VNI":1,"VtepMAC":"0a:00:00:00:00:01"}}"#,
        #"{"PublicIP":"10.0.0.1","PublicIPv6":null,"BackendType":"host-gw"}"#,
        #"{"PublicIP":"10.0.0.1","PublicIPv6":null}"#,
        #"{"PublicIP":"0.0.0.0","PublicIPv6":"2001:db8::5","BackendType":"vxlan","BackendV6Data":{"VNI":1,"VtepMAC":"0a:00:00:00:00:01"}}"#,
        #"{"PublicIP":"10.0.0.1","PublicIPv6":null,"BackendType":"wireguard","BackendData":{"PublicKey":"aGVsbG8=","Port":51820}}"#,
    ]

    @Test("flannel's value comes back byte for byte", arguments: flannelValues)
    func roundTrip(_ text: String) throws {
        #expect(try LeaseAttributes(json: text.utf8).json == text)
    }

    @Test func `Our own value is flannel's`() {
        let attributes = LeaseAttributes(
            publicIPv4: IPv4Address("192.168.64.3"), backendType: "vxlan",
            backendData: VTEPData(vni: 1, mac: MACAddress(rawValue: 0xC6D2_326F_8F44)).json)
        #expect(attributes.json == Self.flannelValues[0])
    }

    @Test func `Keys are read in any case and unknown fields are skipped`() throws {
        let text =
            #"{"publicip":"10.0.0.1","BACKENDTYPE":"vxlan","Extra":[1],"backendDATA":{"vtepmac":"02:00:00:00:00:01"}}"#
        let attributes = try LeaseAttributes(json: text.utf8)
        #expect(attributes.publicIPv4 == IPv4Address("10.0.0.1"))
        #expect(
            try VTEPData(json: attributes.backendData)
                == VTEPData(vni: nil, mac: MACAddress(rawValue: 0x0200_0000_0001)))
    }

    @Test func `An absent public address is none`() throws {
        #expect(try LeaseAttributes(json: "{}".utf8).publicIPv4 == nil)
        #expect(try LeaseAttributes(json: #"{"PublicIP":null}"#.utf8).publicIPv4 == nil)
    }

    @Test(
        "A value that no flanneld would accept is refused with its field",
        arguments: [
            (#"{"PublicIP":""}"#, "PublicIP"), (#"{"PublicIP":"10.0.0"}"#, "PublicIP"),
            (#"{"PublicIP":7}"#, "PublicIP"),
            (#"{"PublicIP":"10.0.0.1","PublicIPv6":"10.0.0.1"}"#, "PublicIPv6"),
            (#"{"PublicIP":"10.0.0.1","BackendType":1}"#, "BackendType"), ("[]", ""), ("", ""), (#"{"PublicIP""#, ""),
        ])
    func bad(_ text: String, _ field: String) {
        let error = #expect(throws: LeaseFormatError.self) { try LeaseAttributes(json: text.utf8) }
        #expect(error?.field == field)
    }

    @Test(
        "VTEP data without a usable address is refused",
        arguments: [
            "null", "{}", #"{"VNI":1}"#, #"{"VtepMAC":""}"#, #"{"VtepMAC":"01:00:5e:00:00:01"}"#,
            #"{"VtepMAC":"00:00:00:00:00:00"}"#, #"{"VtepMAC":5}"#, #"{"VNI":"1","VtepMAC":"02:00:00:00:00:01"}"#, "[]",
        ])
    func badVTEP(_ text: String) throws {
        let json = try JSONValue.parse(text)
        #expect(throws: LeaseFormatError.self) { try VTEPData(json: json) }
    }

    @Test func `Mangled values never trap, and what is accepted is stable`() throws {
        var random = SeededGenerator()
        for _ in 0..<5000 {
            let text = random.mangle(Self.flannelValues.randomElement(using: &random) ?? "")
            guard let attributes = try? LeaseAttributes(json: text.utf8) else { continue }
            let again = try LeaseAttributes(json: attributes.json.utf8)
            #expect(again == attributes, "seed \(random.seed)")
        }
    }
}
