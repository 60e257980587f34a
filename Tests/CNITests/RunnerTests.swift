import CNI
import JSON
import Testing

@Suite struct RunnerTests {
    @Test func `VERSION lists every version and does not look at stdin`() throws {
        let node = try TestNode()
        let answer = node.call(environment: ["CNI_COMMAND": "VERSION"], input: Array("no JSON".utf8))
        #expect(answer.succeeded)
        #expect(answer.json["cniVersion"] == "1.1.0")
        #expect(
            answer.json["supportedVersions"] == ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"])
    }

    @Test func `without a command it says on stderr what it is, and succeeds`() throws {
        let node = try TestNode()
        let answer = node.call(environment: [:], input: [])
        #expect(answer.succeeded)
        #expect(answer.text.isEmpty)
        #expect(answer.errors.contains("CNI protocol versions supported: 0.1.0, 0.2.0"))
    }

    @Test func `keys match without regard to case, and unknown ones are passed over`() throws {
        let node = try TestNode()
        let config = """
            {"CNIVersion": "0.4.0", "NAME": "net", "Type": "host-local", "whatever": [1],
             "IPAM": {"SUBNET": "10.1.0.0/24", "DataDir": "\(node.dataDirectory)"}}
            """
        let answer = node.call("ADD", config)
        #expect(answer.addresses == ["10.1.0.2/24"])
        #expect(answer.json["cniVersion"] == "0.4.0")
    }

    @Test(arguments: ["/opt/cni/bin/static", "static", "./x/static"])
    func `the name that it is called by comes before the type`(program: String) throws {
        let node = try TestNode()
        let config = """
            {"cniVersion": "1.0.0", "name": "net", "type": "host-local",
             "ipam": {"addresses": [{"address": "10.3.0.7/24"}]}}
            """
        #expect(node.call("ADD", config, program: program).addresses == ["10.3.0.7/24"])
    }

    @Test func `a configuration without a version is of 0_1_0`() throws {
        let node = try TestNode()
        let config = #"{"name": "net", "type": "static", "ipam": {"addresses": [{"address": "10.3.0.7/24"}]}}"#
        #expect(node.call("ADD", config).json["ip4"]?["ip"] == "10.3.0.7/24")
    }

    @Test func `a failed ADD undoes its steps in reverse and goes on after an undo that fails`() throws {
        let rollback = Rollback()
        var undone: [Int] = []
        for number in 1...3 {
            try rollback.did("step \(number)") {
                undone.append(number)
                if number == 2 { throw CNIError(.ioFailure, "stuck") }
            }
        }
        let failures = rollback.unwind()
        #expect(undone == [3, 2, 1])
        #expect(failures.map(\.message) == ["cannot undo \"step 2\": stuck"])
        #expect(rollback.unwind().isEmpty)
    }

    @Test func `a result that the version cannot express undoes the ADD`() async throws {
        struct Odd: Plugin {
            let name = "odd"
            let undo: @Sendable () -> Void
            func add(_ call: Invocation) throws -> CNIResult {
                try call.rollback.did("something") { undo() }
                return CNIResult()
            }
            func del(_ call: Invocation) throws {}
        }
        try await confirmation { undone in
            let node = try TestNode()
            let registry = PluginRegistry([Odd { undone() }])
            let answer = node.call(
                "ADD", #"{"cniVersion": "0.2.0", "name": "n", "type": "odd"}"#, registry: registry)
            #expect(answer.code == 1)
        }
    }

    @Test func `GC without a list of attachments is refused, because it would remove everything`() throws {
        let node = try TestNode()
        let answer = node.call("GC", BadInputTests.good)
        #expect(answer.code == 7)
        #expect(answer.message.contains("cni.dev/valid-attachments"))
    }
}
