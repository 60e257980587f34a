import Daemon
import JSON
import KubeClient
import Linux
import Synchronization
import TestSupport
import Testing

/// The informer against a stand-in server that misbehaves in each way that servers do.
@Suite("The informer")
struct InformerTests {
    /// An informer, what it has told, and the loop that it runs on.
    private final class Run {
        final class Told { var news: [Informer<Color>.News] = [] }

        let runner: LoopRunner
        let informer: Informer<Color>
        private let told = Told()

        init(_ server: ScriptedServer, reflector: Reflector = Samples.reflector) throws {
            runner = try LoopRunner()
            let client = try APIClient(server.access, runner.loop)
            informer = Informer(client, Samples.things, labelSelector: "!a b", reflector: reflector) { [told] in
                told.news.append($0)
            }
            informer.start()
        }

        deinit { informer.stop() }

        var news: [Informer<Color>.News] { told.news }
        var colors: [String: String] {
            Dictionary(uniqueKeysWithValues: informer.objects.map { ($0.key.name, $0.value.color) })
        }
        var troubles: [String] {
            news.compactMap { if case .trouble(let trouble?) = $0 { trouble } else { nil } }
        }
        /// Without those that a copy made.
        var changes: [Informer<Color>.Change] {
            var all: [Informer<Color>.Change] = []
            for case .changed(let changes) in news { all += changes }
            return all
        }
        var copies: Int { news.count { if case .synced = $0 { true } else { false } } }

        func wait(_ what: String, for colors: [String: String]) throws {
            try runner.run(until: "\(what): \(colors)") { self.informer.hasSynced && self.colors == colors }
        }
    }

    private func change(_ name: String, _ before: String?, _ after: String?) -> Informer<Color>.Change {
        func content(_ color: String?) -> Color? { color.map { Color(color: $0) } }
        return .init(
            key: ObjectKey(namespace: "default", name: name), before: content(before), after: content(after))
    }

    @Test("reads all objects, then follows them, and tells only what changes in what it keeps")
    func follows() throws {
        let server = try ScriptedServer { request, number, connection in
            connection.open()
            connection.send(Samples.event("ADDED", "a", "red", 1) + Samples.event("ADDED", "b", "blue", 2))
            connection.send(Samples.bookmark(5, ends: true))
            connection.send(Samples.event("MODIFIED", "a", "red", 6) + Samples.event("MODIFIED", "a", "green", 7))
            connection.send(Samples.event("DELETED", "b", "blue", 8) + Samples.event("ADDED", "c", "white", 9))
            connection.waitForEnd()
        }
        let run = try Run(server)
        try run.wait("all is followed", for: ["a": "green", "c": "white"])
        guard case .synced(let first)? = run.news.first else { throw LoopRunner.TimedOut(description: "no copy") }
        #expect(Set(first.map(\.key.name)) == ["a", "b"] && first.allSatisfy { $0.before == nil })
        #expect(run.changes == [change("a", "red", "green"), change("b", "blue", nil), change("c", nil, "white")])
        #expect(run.informer.revision == "9")
        let request = try #require(server.requests.first)
        #expect(request.path == "/apis/example.com/v1/things")
        #expect(request.query["labelSelector"] == "%21a%20b")
        #expect(request.query["sendInitialEvents"] == "true" && request.query["allowWatchBookmarks"] == "true")
        #expect(request.query["resourceVersionMatch"] == "NotOlderThan" && request.query["resourceVersion"] == nil)
        #expect(request.headers["accept"] == "application/json")
    }

    @Test("a server that refuses initial events is listed in pages, then watched from the list's revision")
    func fallsBack() throws {
        let server = try ScriptedServer { request, number, connection in
            if request.query["sendInitialEvents"] != nil {
                connection.answer(422, Samples.status(422, "Invalid"))
            } else if request.isWatch {
                connection.open()
                connection.send(Samples.event("ADDED", "d", "black", 11))
                connection.waitForEnd()
            } else if request.query["continue"] == nil {
                let page = [Samples.object("a", "red", 1), Samples.object("b", "blue", 2)]
                connection.answer(200, Samples.list(10, page, continueToken: "next/page"))
            } else {
                connection.answer(200, Samples.list(10, [Samples.object("c", "white", 3)]))
            }
        }
        let run = try Run(server)
        try run.wait("all", for: ["a": "red", "b": "blue", "c": "white", "d": "black"])
        #expect(run.troubles.isEmpty)
        #expect(server.requests.map { $0.query["limit"] ?? "-" } == ["-", "2", "2", "-"])
        #expect(server.requests[2].query["continue"] == "next%2Fpage")
        #expect(server.requests[3].query["resourceVersion"] == "10")
    }

    @Test("an ERROR event in answer to initial events makes it list, too")
    func inStreamRefusal() throws {
        let server = try ScriptedServer { request, number, connection in
            if request.query["sendInitialEvents"] != nil {
                connection.open()
                connection.send(Samples.error(500, "InternalError", "etcd cannot"))
            } else if request.isWatch {
                connection.open()
                connection.waitForEnd()
            } else {
                connection.answer(200, Samples.list(10, [Samples.object("a", "red", 1)]))
            }
        }
        let run = try Run(server)
        try run.wait("the list", for: ["a": "red"])
        #expect(server.requests.count >= 2)
    }

    @Test("a revision that is gone is read anew, and what vanished meanwhile is told", arguments: [true, false])
    func expired(inStream: Bool) throws {
        let server = try ScriptedServer { request, number, connection in
            switch number {
            case 0:
                connection.open()
                connection.send(Samples.event("ADDED", "a", "red", 1) + Samples.event("ADDED", "b", "blue", 2))
                connection.send(Samples.bookmark(5, ends: true))
            case 1:
                if inStream {
                    connection.open()
                    connection.send(Samples.error(410, "Expired", "too old resource version"))
                    connection.waitForEnd()
                } else {
                    connection.answer(410, Samples.status(410, "Expired"))
                }
            default:
                connection.open()
                connection.send(Samples.event("ADDED", "a", "green", 20) + Samples.bookmark(30, ends: true))
                connection.waitForEnd()
            }
        }
        let run = try Run(server)
        try run.wait("the new copy", for: ["a": "green"])
        #expect(run.copies == 2)
        guard case .synced(let changes)? = run.news.last else { throw LoopRunner.TimedOut(description: "no copy") }
        #expect(Set(changes.map(\.key.name)) == ["a", "b"])
        #expect(server.requests[1].query["resourceVersion"] == "5")
        #expect(server.requests[2].query["sendInitialEvents"] == "true")
    }

    @Test("a copy that breaks off before its end is no copy")
    func halfCopy() throws {
        let server = try ScriptedServer { request, number, connection in
            connection.open()
            connection.send(Samples.event("ADDED", "a", "red", 1))
            if number < 2 { return }
            connection.send(Samples.event("ADDED", "b", "blue", 2) + Samples.bookmark(5, ends: true))
            connection.waitForEnd()
        }
        let run = try Run(server)
        try run.wait("the whole", for: ["a": "red", "b": "blue"])
        #expect(run.copies == 1 && run.troubles.count == 2)
        guard case .trouble? = run.news.first else { throw LoopRunner.TimedOut(description: "told too early") }
    }

    /// What all events together must come to.
    private static let script =
        Samples.event("ADDED", "a", "red", 11) + Samples.bookmark(12) + Samples.event("ADDED", "é€😀", "blue\\n", 13)
        + Samples.event("MODIFIED", "a", "green", 14) + Samples.event("DELETED", "é€😀", "blue\\n", 15)
        + Samples.event("ADDED", "z", "white", 16)

    @Test("a watch that is cut at any byte is resumed with nothing lost and nothing told twice")
    func cutAnywhere() throws {
        let bytes = Array(Self.script.utf8)
        let lines = Self.script.split(separator: "\n").map { $0 + "\n" }
        let revisions = [11, 12, 13, 14, 15, 16]
        // Each cut in its own life of the server: a first watch that is cut there, and one that goes on.
        for cut in stride(from: 0, through: bytes.count, by: 7) {
            let server = try ScriptedServer { request, number, connection in
                connection.open()
                if request.query["sendInitialEvents"] != nil {
                    connection.send(Samples.bookmark(10, ends: true))
                    connection.send(Array(bytes[..<cut]))
                    return
                }
                guard let revision = Int(request.query["resourceVersion"] ?? "") else { return }
                for (line, its) in zip(lines, revisions) where its > revision { connection.send(String(line)) }
                connection.waitForEnd()
            }
            let run = try Run(server)
            try run.wait("cut at \(cut)", for: ["a": "green", "z": "white"])
            try run.runner.run(until: "the last revision") { run.informer.revision == "16" }
            let changes = run.changes
            let expected = [
                change("a", nil, "red"), change("é€😀", nil, "blue\n"), change("a", "red", "green"),
                change("é€😀", "blue\n", nil), change("z", nil, "white"),
            ]
            #expect(changes == expected, "cut at \(cut)")
        }
    }

    @Test("events that come byte by byte are the same events")
    func byteByByte() throws {
        let server = try ScriptedServer { request, number, connection in
            connection.open()
            for byte in Array((Samples.bookmark(10, ends: true) + Self.script).utf8) { connection.send([byte]) }
            connection.waitForEnd()
        }
        let run = try Run(server)
        try run.wait("all", for: ["a": "green", "z": "white"])
    }

    @Test(
        "nonsense in a watch is told, and the watch begun again where it was",
        arguments: [
            "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"x\"}}}\n", "{\"type\":\n", "[]\n", "\u{0}\n",
            "{\"type\":\"ADDED\",\"object\":[]}\n", "{\"type\":\"ADDED\",\"object\":{\"spec\":{\"color\":5}}}\n",
            "{\"type\":\"ERROR\",\"object\":{}}\n", String(repeating: "[", count: 10000) + "\n",
        ])
    func nonsense(_ line: String) throws {
        let server = try ScriptedServer { request, number, connection in
            connection.open()
            if number == 0 {
                connection.send(Samples.event("ADDED", "a", "red", 1) + Samples.bookmark(5, ends: true) + line)
                connection.waitForEnd()
            } else {
                connection.send(Samples.event("ADDED", "b", "blue", 6))
                connection.waitForEnd()
            }
        }
        let run = try Run(server)
        try run.wait("it goes on", for: ["a": "red", "b": "blue"])
        #expect(run.troubles.count == 1 && run.news.contains(.trouble(nil)))
        #expect(server.requests[1].query["resourceVersion"] == "5")
    }

    @Test("unknown types of events and fields in another order are no obstacle")
    func unknown() throws {
        let server = try ScriptedServer { request, number, connection in
            connection.open()
            connection.send("{\"object\":\(Samples.object("a", "red", 1)),\"extra\":[1],\"type\":\"ADDED\"}\n\n")
            connection.send("{\"type\":\"NEWS\",\"object\":{\"a\":1}}\n{}\n" + Samples.bookmark(5, ends: true))
            connection.waitForEnd()
        }
        let run = try Run(server)
        try run.wait("all", for: ["a": "red"])
        #expect(run.troubles.isEmpty)
    }

    @Test("a server that is away, then busy, then forbids is asked until it answers, and each is told")
    func troubles() throws {
        let server = try ScriptedServer { request, number, connection in
            switch number {
            case 0: return
            case 1: connection.answer(503, "down", headers: ["Content-Type: text/plain"])
            case 2: connection.answer(403, Samples.status(403, "Forbidden", "things is forbidden"))
            case 3: connection.answer(429, Samples.status(429, "TooManyRequests"), headers: ["Retry-After: 0"])
            case 4: connection.send("nonsense")
            case 5: connection.answer(200, "")
            default:
                connection.open()
                connection.send(Samples.event("ADDED", "a", "red", 1) + Samples.bookmark(5, ends: true))
                connection.waitForEnd()
            }
        }
        let run = try Run(server)
        try run.wait("it works", for: ["a": "red"])
        let troubles = run.troubles.joined(separator: "\n")
        for word in ["HTTP status 503: down", "things is forbidden"] { #expect(troubles.contains(word), "\(troubles)") }
        #expect(run.news.contains(.trouble(nil)))
    }

    @Test("news that comes after its end is not told")
    func stop() throws {
        let server = try ScriptedServer { request, number, connection in
            connection.open()
            connection.send(Samples.bookmark(5, ends: true))
            while connection.send(Samples.event("ADDED", "a", "red", 6)) {}
        }
        let run = try Run(server)
        try run.wait("changes come", for: ["a": "red"])
        run.informer.stop()
        let count = run.news.count
        var isOver = false
        run.runner.loop.after(.milliseconds(50)) { isOver = true }
        try run.runner.run(until: "time has passed") { isOver }
        #expect(run.news.count == count)
    }
}
