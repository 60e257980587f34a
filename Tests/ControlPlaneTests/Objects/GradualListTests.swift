import HTTP
import Identity
import JSON
import KubeAPI
import Linux
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Large lists")
struct GradualListTests {
    /// Takes so many bytes when it is asked to.
    private final class Sink: AnswerSink {
        var received: [UInt8] = []
        var taken = 0
        var length: Int?
        var most = 0
        var isOver = false
        var hasEnded = false
        var onClose: (() -> Void)?
        var bufferedBytes: Int { received.count - taken }

        func respond(_ status: Int, headers: HTTPHeaders, pieces: [[UInt8]]) {
            length = pieces.reduce(0) { $0 + $1.count }
            send(pieces: pieces)
            hasEnded = true
        }

        func begin(_ status: Int, headers: HTTPHeaders, length: Int?) { self.length = length }
        func send(_ bytes: [UInt8]) {
            received += bytes
            most = max(most, bufferedBytes)
        }
        func send(pieces: [[UInt8]]) { send(pieces.flatMap { $0 }) }
        func end() { hasEnded = true }
        func abort() { Issue.record("aborted") }
    }

    private func call(_ sink: Sink, _ form: AnswerForm) -> ControlPlane.APICall {
        let call = ControlPlane.APICall(
            info: RequestInfo(method: "GET", path: "/api/v1/configmaps", query: Query("")), method: "GET",
            query: Query(""), headers: [:], body: [], sink: sink, user: .anonymous, sourceAddress: "", auditID: "")
        call.form = form
        return call
    }

    private func page(_ count: Int, _ size: Int) -> ListPage {
        let objects = (0..<count).map { index in
            let text = String(repeating: "\(index % 10)", count: size)
            return CachedObject(
                path: "n/o\(index)",
                stored: Array(
                    #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"o\#(index)","namespace":"n","annotations":{"a":"\#(text)"}},"data":{"text":"\#(text)"}}"#
                        .utf8), createRevision: 1, revision: Int64(index + 1))
        }
        return ListPage(objects: objects, revision: 1000, continuation: "next", remaining: 7)
    }

    static let forms: [AnswerForm] =
        WatchForm.allCases.map(\.answerForm).filter { $0 != .json } + [
            AnswerForm(.json, .partialMetadata(version: "v1beta1")),
            AnswerForm(.protobuf, .partialMetadata(version: "v1")),
        ]

    /// All is kept of the first ones, some of the second, nothing of the last.
    @Test(
        "are the same, made little by little, as at once", arguments: forms,
        [(900, 700), (14, 200_000), (2, 2_200_000)])
    func parts(form: AnswerForm, size: (Int, Int)) throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        var renderer = Renderer(type: try cluster.type(.configMaps), form: form, isStoredVersion: true)
        renderer.includeObject = "Object"
        let (page, sink) = (page(size.0, size.1), Sink())
        let list = try #require(
            GradualList(call(sink, form), renderer, page, cluster.loop) { Issue.record("made at once") })
        list.proceed()
        try cluster.run("the list") {
            sink.taken = sink.received.count
            return sink.hasEnded
        }
        let whole = renderer.answer(page).pieces.flatMap { $0 }
        #expect(sink.received.count == whole.count && sink.received == whole && sink.length == whole.count)
    }

    /// Its text is long in making without optimisation, hence little of it.
    @Test(
        "are the same in YAML",
        arguments: [
            AnswerForm(.yaml), AnswerForm(.yaml, .partialMetadata(version: "v1")),
            AnswerForm(.yaml, .table(version: "v1")),
        ])
    func yaml(form: AnswerForm) throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        var renderer = Renderer(type: try cluster.type(.configMaps), form: form, isStoredVersion: true)
        renderer.includeObject = "Object"
        var page = page(3, 5)
        let text =
            #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"z"},"data":{"a":"1\n 2\n","b":"- x: y","c":""}}"#
        page.objects.append(CachedObject(path: "n/z", stored: Array(text.utf8), createRevision: 1, revision: 9))
        let document = try #require(ListDocument(renderer, page))
        let items = try page.objects.enumerated().map {
            try #require(document.item($0.element, isFirst: $0.offset == 0))
        }
        let ends = try #require(document.ends(itemBytes: items.reduce(0) { $0 + $1.count }))
        let parts = ends.head + items.flatMap { $0 } + ends.tail
        #expect(
            String(decoding: parts, as: UTF8.self) == String(decoding: renderer.answer(page).pieces[0], as: UTF8.self))
        let sink = Sink()
        let list = try #require(GradualList(call(sink, form), renderer, self.page(900, 700), cluster.loop) {})
        list.proceed()
        try cluster.run("the list") { sink.hasEnded }
        #expect(sink.length == sink.received.count && sink.received.starts(with: ends.head.prefix(20)))
    }

    @Test("wait for a client that does not read, and hold little meanwhile")
    func slow() throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        let form = AnswerForm(.protobuf)
        let renderer = Renderer(type: try cluster.type(.configMaps), form: form, isStoredVersion: true)
        let sink = Sink()
        let call = call(sink, form)
        let list = try #require(GradualList(call, renderer, page(40, 100_000), cluster.loop) {})
        list.proceed()
        try cluster.run("its beginning") { call.status != nil }
        #expect(sink.length ?? 0 > 8_000_000 && call.ownAnswerBytes <= 4 << 20)
        var turns = 0
        try cluster.run("many turns") {
            turns += 1
            return turns > 200
        }
        #expect(sink.bufferedBytes < 5 << 20 && !sink.hasEnded)
        try cluster.run("the rest") {
            sink.taken = min(sink.received.count, sink.taken + 1 << 20)
            return sink.hasEnded
        }
        #expect(sink.received.count == sink.length && sink.most < 5 << 20)
    }

    @Test("are not made for nobody, and small ones are made at once")
    func absence() throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        let form = AnswerForm(.protobuf)
        let renderer = Renderer(type: try cluster.type(.configMaps), form: form, isStoredVersion: true)
        let sink = Sink()
        #expect(GradualList(call(sink, form), renderer, page(10, 1000), cluster.loop) {} == nil)
        var list = GradualList(call(sink, form), renderer, page(40, 100_000), cluster.loop) {}
        weak let held = list
        list?.proceed()
        sink.isOver = true
        list = nil
        try cluster.run("the end of the list") { held == nil }
        #expect(sink.received.isEmpty)
    }
}
