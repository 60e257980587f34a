import Daemon
import JSON
import KubeAPI
import Linux
import TestSupport
import Testing

@testable import KubeClient

@Suite("Events")
struct EventTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

    private func event(_ name: String = "n", note: String = "it rains") -> ClusterEvent {
        ClusterEvent(
            .warning, .init(kind: "Node", name: name, uid: "u"), reason: "Rain", action: "Waiting", note: note)
    }

    @Test("are told at once the first time, as a series the second, and then once a minute while they repeat")
    func series() {
        var series = EventSeries()
        #expect(series.record(event(), stamp: "s", now: start) == .create(event(), name: "n.s1"))
        let again = event(note: "it still rains")
        #expect(series.record(again, stamp: "s", now: start + .seconds(1)) == .update(again, name: "n.s1", count: 2))
        for second in 2..<40 { #expect(series.record(again, stamp: "s", now: start + .seconds(second)) == nil) }
        #expect(series.due(now: start + .seconds(40)).isEmpty)
        #expect(series.due(now: start + .seconds(62)) == [.update(event(note: ""), name: "n.s1", count: 40)])
        #expect(series.due(now: start + .seconds(200)).isEmpty)
        // After a long silence it is another event.
        #expect(series.record(event(), stamp: "s", now: start + .seconds(500)) == .create(event(), name: "n.s2"))
        #expect(series.record(event("m"), stamp: "s", now: start + .seconds(500)) == .create(event("m"), name: "m.s3"))
    }

    @Test("of a thousand objects at once are not all told")
    func flood() {
        var series = EventSeries()
        let told = (0..<5000).filter { series.record(event("\($0)"), stamp: "s", now: start) != nil }
        #expect(told.count == 25)
        #expect(series.record(event("later"), stamp: "s", now: start + .seconds(11)) != nil)
    }

    @Test("are objects of events.k8s.io/v1 in the namespace of what they are about")
    func objects() throws {
        let server = try ScriptedServer { request, number, connection in
            connection.answer(number == 2 ? 404 : 201, number == 2 ? Samples.status(404, "NotFound") : "{}")
        }
        let runner = try LoopRunner()
        let recorder = EventRecorder(
            try APIClient(server.access, runner.loop), controller: "poplin.dev/test", instance: "host")
        recorder.record(event(note: String(repeating: "é", count: 600)))
        try runner.run(until: "the event is told") { server.requests.count == 1 }
        #expect(server.requests[0].path == "/apis/events.k8s.io/v1/namespaces/default/events")
        let object = try JSONValue.parse(server.requests[0].body)
        #expect(object["regarding"]?["kind"] == "Node" && object["type"] == "Warning")
        #expect(object["reportingController"] == "poplin.dev/test" && object["note"]?.string?.utf8.count == 1024)
        #expect(Timestamp(object["eventTime"]?.string ?? "") != nil)
        let name = try #require(object["metadata"]?["name"]?.string)
        recorder.record(event())
        try runner.run(until: "the series is told") { server.requests.count == 2 }
        #expect(server.requests[1].method == "PATCH" && server.requests[1].path.hasSuffix("/events/\(name)"))
        #expect(try JSONValue.parse(server.requests[1].body)["series"]?["count"] == 2)
        // One that the server has forgotten, or never took, is told anew.
        recorder.record(event("other"))
        try runner.run(until: "the loss is known") { recorder.lastFailure != nil }
        recorder.record(event("other"))
        try runner.run(until: "it is told again") { server.requests.count == 4 }
        #expect(server.requests[3].method == "POST")
    }
}
