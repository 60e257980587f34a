import JSON
import KubeAPI
import NetTypes
import Testing

@testable import ControlPlane

/// What is asked of whom, without a connection.
@Suite struct ConnectionPathTests {
    private let pod: JSONValue = [
        "metadata": ["name": "p", "namespace": "default"],
        "spec": ["nodeName": "n1", "containers": [["name": "c"]], "initContainers": [["name": "i"]]],
    ]

    private func stream(_ query: String, _ pod: JSONValue? = nil) -> PodStream {
        PodStream(pod: pod ?? self.pod, query: Query(query))
    }

    @Test("logs are the kubelet's, with the options that it knows")
    func logs() throws {
        let log = try #require(try stream("follow=true&tailLines=5&pretty=true&sinceTime=2026-01-01T00:00:00Z").log())
        #expect(log.path == "/containerLogs/default/p/c")
        #expect(log.query == "follow=true&sinceTime=2026-01-01T00%3A00%3A00Z&tailLines=5")
        #expect(try stream("container=i").log()?.path == "/containerLogs/default/p/i")
        var waiting = pod
        waiting.set(nil, at: "spec", "nodeName")
        #expect(try stream("", waiting).log() == nil)
    }

    @Test(
        "a log that cannot be had is refused in upstream's words",
        arguments: [
            ("container=x", 400, "container x is not valid for pod p"), ("tailLines=-1", 422, "tailLines"),
            ("limitBytes=0", 422, "limitBytes"),
            ("sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z", 422, "at most one of"),
            ("tailLines=x", 400, "tailLines is not a number"),
        ])
    func wrongLogs(query: String, code: Int, message: String) {
        #expect {
            _ = try stream(query).log()
        } throws: { error in
            guard let status = error as? APIStatus else { return false }
            return status.code == code && status.message.contains(message)
        }
        var several = pod
        several.set([["name": "a"], ["name": "b"]], at: "spec", "containers")
        #expect {
            _ = try stream("", several).log()
        } throws: { error in
            (error as? APIStatus)?.message
                == "a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [i]"
        }
    }

    @Test("streams have the kubelet's names; a terminal has no stream for errors")
    func streams() throws {
        let exec = try stream("command=sh&command=-c&command=a%20b&stdin=true&stdout=true&stderr=true").streams("exec")
        #expect(exec.path == "/exec/default/p/c")
        #expect(exec.query == "input=1&output=1&error=1&command=sh&command=-c&command=a%20b")
        let attach = try stream("stdin=true&stdout=true&stderr=true&tty=true&container=c").streams("attach")
        #expect(attach.path == "/attach/default/p/c" && attach.query == "input=1&output=1&tty=1")
        #expect(try stream("ports=80&ports=81").portForward() == ("/portForward/default/p", "port=80&port=81"))
        #expect(throws: APIStatus.self) { try stream("command=x").streams("exec") }
        #expect(throws: APIStatus.self) { try stream("stdout=true").streams("exec") }
        var waiting = pod
        waiting.set(nil, at: "spec", "nodeName")
        #expect(throws: APIStatus.self) { try stream("stdout=true", waiting).streams("attach") }
        #expect(throws: APIStatus.self) { try stream("ports=80", waiting).portForward() }
    }

    @Test("a kubelet is where its node says, on the port that it says")
    func kubelets() throws {
        var node: JSONValue = [
            "status": [
                "addresses": [
                    ["type": "Hostname", "address": "n1"], ["type": "ExternalIP", "address": "192.0.2.1"],
                    ["type": "InternalIP", "address": "10.0.0.1"],
                ]
            ]
        ]
        let usual = try KubeletAddress(node)
        #expect(usual.address == IPAddress("10.0.0.1") && usual.port == 10250)
        node.set(4194, at: "status", "daemonEndpoints", "kubeletEndpoint", "Port")
        #expect(try KubeletAddress(node).port == 4194)
        #expect(throws: APIStatus.self) { try KubeletAddress(["status": ["addresses": []]]) }
    }

    @Test("names in the path of a proxy may say a scheme and a port")
    func names() {
        #expect(ProxyName("web").map { [$0.scheme, $0.name, $0.port] } == ["", "web", ""])
        #expect(ProxyName("web:80").map { [$0.scheme, $0.name, $0.port] } == ["", "web", "80"])
        #expect(ProxyName("https:web:").map { [$0.scheme, $0.name, $0.port] } == ["https", "web", ""])
        for wrong in ["", ":80", "ftp:web:80", "a:b:c:d"] { #expect(ProxyName(wrong) == nil) }
    }
}
