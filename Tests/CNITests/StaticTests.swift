import CNI
import JSON
import Testing

@Suite struct StaticTests {
    private static func config(
        _ ipam: String =
            #"{"addresses": [{"address": "10.3.0.7/24", "gateway": "10.3.0.1"}, {"address": "fd00:3::7/64"}]}"#,
        version: String = "1.0.0", more: String = ""
    ) -> String {
        #"{"cniVersion": "\#(version)", "name": "net", "type": "x", \#(more) "ipam": \#(ipam)}"#
    }

    private static func add(_ config: String, arguments: String = "") throws -> Answer {
        try TestNode().call("ADD", config, arguments: arguments, program: "static")
    }

    @Test func `the result is what the configuration says`() throws {
        let answer = try Self.add(
            Self.config(
                """
                {"addresses": [{"address": "10.3.0.7/24", "gateway": "10.3.0.1"}, {"address": "fd00:3::7/64"}],
                 "routes": [{"dst": "0.0.0.0/0", "gw": "10.3.0.1"}], "dns": {"nameservers": ["10.3.0.1"]}}
                """))
        let expected: JSONValue = [
            "cniVersion": "1.0.0",
            "ips": [["address": "10.3.0.7/24", "gateway": "10.3.0.1"], ["address": "fd00:3::7/64"]],
            "routes": [["dst": "0.0.0.0/0", "gw": "10.3.0.1"]], "dns": ["nameservers": ["10.3.0.1"]],
        ]
        #expect(answer.json == expected)
    }

    @Test func `CNI_ARGS add addresses, and a gateway to the network that it is in`() throws {
        let answer = try Self.add(Self.config("{}"), arguments: "IP=10.4.0.2/24, 10.5.0.2/24;GATEWAY=10.5.0.1")
        #expect(
            answer.json["ips"] == [
                ["address": "10.4.0.2/24"], ["address": "10.5.0.2/24", "gateway": "10.5.0.1"],
            ])
    }

    @Test(arguments: [#""args": {"cni": {"ips": ["10.9.0.9/8"]}},"#, #""runtimeConfig": {"ips": ["10.9.0.9/8"]},"#])
    func `what an orchestrator says replaces the configuration`(more: String) throws {
        #expect(try Self.add(Self.config(more: more)).addresses == ["10.9.0.9/8"])
    }

    @Test(arguments: [
        (config(#"{"addresses": [{"address": "10.3.0.7"}]}"#), "", 7),
        (config(#"{"addresses": [{}]}"#), "", 7), (config(#"{"addresses": {}}"#), "", 6),
        (config(), "IP=10.4.0.2", 7), (config(), "GATEWAY=x", 7),
        (config(#"{"addresses": [{"address": "10.3.0.7/8"}, {"address": "10.4.0.7/8"}]}"#, version: "0.2.0"), "", 7),
        (#"{"cniVersion": "1.0.0", "name": "net", "type": "x"}"#, "", 7),
    ])
    func `what cannot be an address is refused`(config: String, arguments: String, code: Int) throws {
        #expect(try Self.add(config, arguments: arguments).code == code)
    }

    @Test func `CHECK looks for the addresses in the chain's result, DEL has nothing to do`() throws {
        let node = try TestNode()
        let good = #""prevResult": {"ips": [{"address": "10.3.0.7/24"}, {"address": "fd00:3::7/64"}]},"#
        let bad = #""prevResult": {"ips": [{"address": "10.3.0.8/24"}]},"#
        #expect(node.call("CHECK", Self.config(more: good), program: "static").succeeded)
        #expect(
            node.call("CHECK", Self.config(more: bad), program: "static").message
                == "static: Failed to match addr 10.3.0.7/24 on interface eth0")
        #expect(node.call("CHECK", Self.config(), program: "static").code == 7)
        #expect(node.call("DEL", Self.config("{}"), program: "static").succeeded)
    }
}
