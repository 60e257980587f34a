import Identity
import JSON
import KubeAPI
import Linux
import TestSupport
import Testing

@Suite("The audit log")
struct AuditTests {
    static func event(_ id: String = "0-1") -> AuditEvent {
        var event = AuditEvent(
            id: id, requestURI: "/api/v1/namespaces/n/pods/p?x=1", verb: "delete",
            user: User(name: "jane", groups: ["ops"]), received: Timestamp(seconds: 0, microseconds: 5),
            completed: Timestamp(seconds: 1))
        event.sourceAddresses = ["192.0.2.1"]
        event.userAgent = "kubectl/v1.32 \"x\""
        var object = AuditEvent.Object(resource: "pods")
        object.namespace = "n"
        object.name = "p"
        object.apiVersion = "v1"
        event.object = object
        return event
    }

    @Test("an event is a line of audit.k8s.io/v1 at the level Metadata")
    func line() {
        var event = Self.event()
        event.annotate(.allow)
        #expect(
            String(decoding: event.line, as: UTF8.self)
                == #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"0-1","#
                + #""stage":"ResponseComplete","requestURI":"/api/v1/namespaces/n/pods/p?x=1","verb":"delete","#
                + #""user":{"username":"jane","groups":["ops"]},"sourceIPs":["192.0.2.1"],"#
                + #""userAgent":"kubectl/v1.32 \"x\"","objectRef":{"resource":"pods","namespace":"n","name":"p","#
                + #""apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"#
                + #""requestReceivedTimestamp":"1970-01-01T00:00:00.000005Z","#
                + #""stageTimestamp":"1970-01-01T00:00:01.000000Z","#
                + #""annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}"# + "\n")
    }

    @Test("a refusal says so, without what was in the request")
    func failure() {
        var event = Self.event()
        event.failure = .unauthorized()
        event.code = 401
        event.impersonatedUser = User(name: "bob")
        #expect(
            event.json.member("responseStatus") == [
                "metadata": [:], "status": "Failure", "message": "Unauthorized", "reason": "Unauthorized", "code": 401,
            ])
        #expect(event.json.member("impersonatedUser") == ["username": "bob"])
    }

    @Test("the file grows until it is exchanged, and older ones go")
    func file() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("audit.log")
        let length = Self.event().line.count
        let log = try AuditLog(path, longest: 3 * length, backups: 2)
        for index in 1...10 {
            log.append(Self.event("\(index % 10)-\(index % 10)"))
            log.flush()
        }
        log.flush()
        func identifiers(_ path: String) throws -> [String] {
            try Files.readText(path).split(separator: "\n").compactMap {
                try JSONValue.parse(String($0)).member("auditID")?.string
            }
        }
        #expect(try identifiers(path) == ["0-0"])
        #expect(try identifiers("\(path).1") == ["7-7", "8-8", "9-9"])
        #expect(try identifiers("\(path).2") == ["4-4", "5-5", "6-6"])
        #expect(!Files.exists("\(path).3"))
        #expect(log.lost == 0)
        let again = try AuditLog(path, longest: 3 * length, backups: 2)
        again.append(Self.event())
        again.flush()
        #expect(try identifiers(path) == ["0-0", "0-1"])
    }

    @Test("a full disk costs events, not the server", .requiresRoot)
    func full() throws {
        let log = try AuditLog("/dev/full")
        log.append(Self.event())
        log.flush()
        #expect(log.lost == 1)
    }
}
