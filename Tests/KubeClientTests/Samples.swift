import Daemon
import HTTP
import JSON
import KubeClient
import Linux
import TestSupport
import Testing

/// What most tests keep of an object.
struct Color: Projection {
    var color = ""

    mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        guard cursor.isAt("spec") else { return false }
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("color") { color = try cursor.string() } else { try cursor.skip() }
        }
        return true
    }
}

enum Samples {
    static let things = ResourcePath(group: "example.com", "things")

    static func object(_ name: String, _ color: String, _ revision: Int) -> String {
        #"{"kind":"Thing","apiVersion":"example.com/v1","metadata":{"name":"\#(name)","namespace":"default","uid":"u","#
            + #""resourceVersion":"\#(revision)","labels":{"a":"b"}},"spec":{"x":[1,{"y":null}],"color":"\#(color)"}}"#
    }

    static func event(_ type: String, _ name: String, _ color: String = "red", _ revision: Int) -> String {
        #"{"type":"\#(type)","object":\#(object(name, color, revision))}"# + "\n"
    }

    static func bookmark(_ revision: Int, ends: Bool = false) -> String {
        let mark = ends ? #","annotations":{"k8s.io/initial-events-end":"true"}"# : ""
        return #"{"type":"BOOKMARK","object":{"kind":"Thing","metadata":{"resourceVersion":"\#(revision)"\#(mark)}}}"#
            + "\n"
    }

    static func status(_ code: Int, _ reason: String, _ message: String = "no", details: String = "{}") -> String {
        #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"\#(message)","reason":"\#(reason)","#
            + #""details":\#(details),"code":\#(code)}"#
    }

    static func error(_ code: Int, _ reason: String, _ message: String = "no") -> String {
        #"{"type":"ERROR","object":\#(status(code, reason, message))}"# + "\n"
    }

    static func list(_ revision: Int, _ objects: [String], continueToken: String = "") -> String {
        #"{"kind":"ThingList","metadata":{"resourceVersion":"\#(revision)","continue":"\#(continueToken)"},"items":["#
            + objects.joined(separator: ",") + "]}"
    }

    /// A backoff for tests, which have no time.
    static var reflector: Reflector {
        Reflector(pageSize: 2, backoff: Backoff(initial: .milliseconds(2), maximum: .milliseconds(20)))
    }
}

/// Runs a loop on the calling thread until something is true.
final class LoopRunner {
    let loop: EventLoop

    init() throws { loop = try EventLoop() }

    struct TimedOut: Error, CustomStringConvertible { var description: String }

    func run(until what: String, within limit: Duration = .seconds(20), _ condition: @escaping () -> Bool) throws {
        if condition() { return }
        var isOver = false
        let deadline = loop.after(limit) { [loop] in
            isOver = true
            loop.stop()
        }
        let check = loop.every(.milliseconds(1)) { [loop] in if condition() { loop.stop() } }
        try loop.run()
        loop.cancel(deadline)
        loop.cancel(check)
        if isOver { throw TimedOut(description: "not within \(limit): \(what)") }
    }

    /// The result of one request.
    func send(_ client: APIClient, _ request: APIRequest) throws -> Result<String, APIFailure> {
        var result: Result<String, APIFailure>?
        client.send(request) { answer in result = answer.map { String(decoding: $0.body, as: UTF8.self) } }
        try run(until: "an answer") { result != nil }
        return try #require(result)
    }
}

extension ScriptedServer {
    var access: ClusterAccess { ClusterAccess(server: url) }
}

/// Makes a file, or writes it anew.
func write(_ path: String, _ text: String) throws { try Files.replace(path, text.utf8, mode: 0o600) }
