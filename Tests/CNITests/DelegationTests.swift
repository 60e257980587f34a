import CNI
import Glibc
import JSON
import Linux
import TestSupport
import Testing

/// A plugin that does nothing but delegate to the IPAM plugin of its configuration, and then, on request, fails.
private struct Delegator: Plugin {
    let name = "delegator"

    func add(_ call: Invocation) throws -> CNIResult {
        let result = try call.delegateAdd(ipam(call))
        if call.config.object["fail"] == true { throw CNIError(.internalFailure, "made to fail") }
        return result
    }

    func del(_ call: Invocation) throws { try call.delegateDel(ipam(call)) }
    func check(_ call: Invocation) throws { try call.delegateCheck(ipam(call)) }
    func gc(_ call: Invocation, valid: Set<CNI.Attachment>) throws { try call.delegateGC(ipam(call), valid: valid) }
    func status(_ call: Invocation) throws { try call.delegateStatus(ipam(call)) }

    private func ipam(_ call: Invocation) -> String { call.config.object["ipam"]?["type"]?.string ?? "" }
}

@Suite struct DelegationTests {
    private static let registry = PluginRegistry([Delegator(), HostLocal()])

    /// A node with a plugin of others, a shell script, on its path.
    private static func node(script: String) throws -> TestNode {
        let node = try TestNode()
        try Files.makeDirectories(node.directory.file("bin"))
        try Files.replace(node.directory.file("bin/foreign"), Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
        return node
    }

    private static func call(
        _ node: borrowing TestNode, _ verb: String, type: String = "foreign", more: String = "",
        timeoutMilliseconds: Int = 30_000
    ) -> Answer {
        let config = """
            {"cniVersion": "1.1.0", "name": "net", "type": "delegator", "ipam": {"type": "\(type)"}, "pad": "\(more)",
             "fail": \(more == "fail"), "cni.dev/valid-attachments": []}
            """
        let environment = [
            "CNI_COMMAND": verb, "CNI_CONTAINERID": "pod1", "CNI_NETNS": "/none", "CNI_IFNAME": "eth0",
            "CNI_ARGS": "A=b", "CNI_PATH": "/no-such:\(node.directory.file("bin"))",
        ]
        let machine = Machine(
            libraryDirectory: node.directory.file("lib"), runDirectory: node.directory.file("run"),
            delegateTimeoutMilliseconds: timeoutMilliseconds)
        return Answer(
            Runner(registry: registry, machine: machine).run(
                program: "x", variable: { environment[$0] }, input: { Array(config.utf8) }))
    }

    private static let result = #"{"cniVersion": "0.2.0", "ip4": {"ip": "10.5.0.9/24", "gateway": "10.5.0.1"}}"#

    @Test func `a plugin of others is run with the call's environment and the whole configuration`() throws {
        let node = try Self.node(script: #"env > "$0.env"; cat > "$0.in"; echo '\#(Self.result)'"#)
        let answer = Self.call(node, "ADD")
        #expect(answer.addresses == ["10.5.0.9/24"], "\(answer.text)")
        #expect(answer.json["cniVersion"] == "1.1.0")
        let variables = try Files.readText(node.directory.file("bin/foreign.env"))
        for line in ["CNI_COMMAND=ADD", "CNI_CONTAINERID=pod1", "CNI_NETNS=/none", "CNI_IFNAME=eth0", "CNI_ARGS=A=b"] {
            #expect(variables.contains(line), "\(line)")
        }
        let input = try JSONValue.parse(try Files.read(node.directory.file("bin/foreign.in")))
        #expect(input["ipam"]?["type"] == "foreign")
        #expect(input["name"] == "net")
    }

    @Test(arguments: ["DEL", "CHECK", "GC", "STATUS"])
    func `every verb is handed on`(verb: String) throws {
        let node = try Self.node(script: #"echo "$CNI_COMMAND" > "$0.verb""#)
        let answer = Self.call(node, verb)
        #expect(answer.succeeded, "\(answer.text)")
        #expect(try Files.readText(node.directory.file("bin/foreign.verb")) == "\(verb)\n")
    }

    @Test func `its error object is passed on as it is`() throws {
        let node = try Self.node(script: #"echo '{"code": 107, "msg": "no", "details": "why"}'; exit 1"#)
        let answer = Self.call(node, "ADD")
        #expect(answer.code == 107)
        #expect(answer.message == "no")
        #expect(answer.json["details"] == "why")
    }

    @Test(arguments: [
        ("echo broken >&2; exit 3", 999, "exit status 3"), ("kill -9 $$", 999, "signal 9"),
        ("echo no JSON", 6, "cannot be read"), ("echo '{\"ips\": [{}]}'", 7, "cannot be used"),
        ("exec sleep 60", 11, "timed out"),
    ])
    func `one that breaks is an error that names it`(script: String, code: Int, words: String) throws {
        let node = try Self.node(script: script)
        let answer = Self.call(node, "ADD", timeoutMilliseconds: script.contains("sleep") ? 50 : 30_000)
        #expect(answer.code == code, "\(answer.text)")
        #expect(answer.message.contains("foreign"))
        #expect(answer.message.lowercased().contains(words), "\(answer.message)")
    }

    @Test func `one that closes its outputs and goes on is ended at the deadline`() throws {
        let node = try Self.node(script: "echo $$ > \"$0.pid\"; exec >&- 2>&-; exec sleep 60")
        let answer = Self.call(node, "ADD", timeoutMilliseconds: 3000)
        #expect(answer.code == 11 && answer.message.contains("timed out"), "\(answer.text)")
        let text = try Files.readText(node.directory.file("bin/foreign.pid"))
        let process = try #require(pid_t(text.dropLast()))
        #expect(kill(process, 0) == -1)
    }

    @Test func `one that is not installed is an error that says where it was looked for`() throws {
        let node = try TestNode()
        let answer = Self.call(node, "ADD", type: "absent")
        #expect(answer.code == 7)
        #expect(answer.message.contains("failed to find plugin \"absent\" in path [/no-such:"))
        #expect(Self.call(node, "ADD", type: "../bin/sh").code == 7)
    }

    @Test func `a configuration larger than a pipe holds blocks nobody, read or not`() throws {
        let large = String(repeating: "x", count: 1_000_000)
        let reader = try Self.node(script: "cat > /dev/null; echo '\(Self.result)'")
        #expect(Self.call(reader, "ADD", more: large).succeeded)
        let ignorer = try Self.node(script: "exec 0<&-; echo '\(Self.result)'")
        #expect(Self.call(ignorer, "ADD", more: large).succeeded)
    }

    @Test func `when the chain fails after it, it is told to DEL`() throws {
        let node = try Self.node(script: #"echo "$CNI_COMMAND" >> "$0.verbs"; echo '\#(Self.result)'"#)
        #expect(Self.call(node, "ADD", more: "fail").message == "made to fail")
        #expect(try Files.readText(node.directory.file("bin/foreign.verbs")) == "ADD\nDEL\n")
    }

    @Test func `one that fails half way is told to DEL as well`() throws {
        let node = try Self.node(script: #"echo "$CNI_COMMAND" >> "$0.verbs"; test $CNI_COMMAND = DEL"#)
        #expect(!Self.call(node, "ADD").succeeded)
        #expect(try Files.readText(node.directory.file("bin/foreign.verbs")) == "ADD\nDEL\n")
    }
}
