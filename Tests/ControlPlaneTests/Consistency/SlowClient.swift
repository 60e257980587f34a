import HTTP
import Identity
import KubeAPI
import Store

@testable import ControlPlane

/// A client that takes what it is sent when the test says so, and its connection.
final class SlowClient {
    let selection: Selection
    private(set) var record: WatchRecord
    /// Where it may go on after a disconnection; nil when it has to begin with the state again.
    private(set) var point: Revision?
    private(set) var isOpen = true
    private(set) var wasExpired = false
    private(set) var problem: String?
    let call: ControlPlane.APICall
    private let sink: Sink
    private var reader: EventReader
    private var isInState: Bool

    init(_ selection: Selection, _ start: WatchRecord.Start, frameCost: Int) {
        self.selection = selection
        record = WatchRecord(start: start)
        reader = EventReader(selection.form)
        sink = Sink(frameCost)
        if case .after(let revision) = start { point = revision }
        if case .state = start { isInState = true } else { isInState = false }
        call = ControlPlane.APICall(
            info: RequestInfo(method: "GET", path: "/", query: Query("")), method: "GET", query: Query(""),
            headers: [:],
            body: [], sink: sink, user: .anonymous, sourceAddress: "", auditID: "")
    }

    var hasUnread: Bool { isOpen && !sink.frames.isEmpty }
    /// It has been told something worth a check.
    var isAtRest: Bool { !record.told.isEmpty }

    func read(_ count: Int) {
        guard isOpen else { return }
        for _ in 0..<min(count, sink.frames.count) {
            let frame = sink.frames.removeFirst()
            let event =
                selection.form == .protobuf ? ProtobufWatchFrames.event(ofFrame: frame) ?? [] : Array(frame.dropLast())
            switch reader.read(event) {
            case .told(let told): take(told)
            case .failed(410):
                wasExpired = true
                point = nil
            case .failed(let code): problem = "an error event \(code)"
            case .unreadable(let text): problem = "an event that cannot be read: \(text)"
            }
        }
        if sink.isOver, sink.frames.isEmpty { disconnect() }
    }

    private func take(_ told: Told) {
        record.told.append(told)
        // The state comes in the order of names: only what is no addition says that it is over, or a bookmark.
        if told.kind != .added { isInState = false }
        if !isInState { point = told.revision }
    }

    func disconnect() {
        guard isOpen else { return }
        isOpen = false
        sink.frames = []
        sink.onClose?()
    }
}

/// What was sent and not taken, as so many bytes a frame, whatever it is.
private final class Sink: AnswerSink {
    var frames: [[UInt8]] = []
    private let frameCost: Int
    private(set) var isOver = false
    var onClose: (() -> Void)?

    init(_ frameCost: Int) { self.frameCost = frameCost }

    var bufferedBytes: Int { frames.count * frameCost }
    func respond(_ status: Int, headers: HTTPHeaders, pieces: [[UInt8]]) {}
    func begin(_ status: Int, headers: HTTPHeaders, length: Int?) {}
    func send(_ bytes: [UInt8]) { if !isOver { frames.append(bytes) } }
    func send(pieces: [[UInt8]]) { send(pieces.flatMap { $0 }) }
    func end() { isOver = true }
    func abort() { isOver = true }
}
