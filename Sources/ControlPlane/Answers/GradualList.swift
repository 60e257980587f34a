internal import Daemon

/// A large list that is made for one client, a little at a time: others are not kept waiting meanwhile, and hardly more is
/// held than the client is about to take.
///
/// Its length is said beforehand, as protobuf wants it, and so that a list that is cut is seen to be. So all items are made
/// once to know it; the first of them are kept, the others made again when they are sent.
final class GradualList {
    /// Of the objects as they are stored; smaller lists are made at once.
    private static let least = 1 << 20
    /// Made in one turn.
    private static let portion = 128 << 10
    /// Bytes that may wait in the connection before more are made.
    private static let highWater = 256 << 10
    private static let kept = 4 << 20
    private static let longestPause = Duration.milliseconds(50)

    private let call: APICall
    private let objects: [CachedObject]
    private let document: ListDocument
    private let loop: EventLoop
    /// For items that have no such form.
    private let makeWhole: () -> Void
    private var next = 0
    private var total = 0
    private var first: (items: [[UInt8]], bytes: Int) = ([], 0)
    private var tail: [UInt8] = []
    private var isMeasured = false
    private var pause = Duration.zero

    /// nil when the list is to be made as a whole.
    init?(_ call: APICall, _ renderer: Renderer, _ page: ListPage, _ loop: EventLoop, makeWhole: @escaping () -> Void) {
        var size = 0
        for object in page.objects where size < Self.least { size += object.bytes.count }
        guard size >= Self.least, let document = ListDocument(renderer, page) else { return nil }
        self.call = call
        self.document = document
        self.loop = loop
        self.makeWhole = makeWhole
        objects = page.objects
    }

    /// One turn. It lives for as long as it has others.
    func proceed() {
        // The client has gone, or has been told that it took too long.
        if call.sink.isOver || !isMeasured && call.status != nil { return }
        if isMeasured { send() } else { measure() }
    }

    private func measure() {
        var made = 0
        while next < objects.count, made < Self.portion {
            guard let item = document.item(objects[next], isFirst: next == 0) else { return makeWhole() }
            made += item.count
            if first.items.count == next, first.bytes + item.count <= Self.kept {
                first.items.append(item)
                first.bytes += item.count
            }
            next += 1
        }
        total += made
        if next < objects.count { return goOn() }
        guard let ends = document.ends(itemBytes: total) else { return makeWhole() }
        let type = call.form.contentType()
        if first.items.count == next {
            return call.answer(contentType: type, pieces: [ends.head] + first.items + [ends.tail], ownBytes: total)
        }
        isMeasured = true
        (next, tail) = (first.items.count, ends.tail)
        call.begin(
            contentType: type, length: ends.head.count + total + ends.tail.count, ownBytes: first.bytes)
        call.sink.send(pieces: [ends.head] + first.items)
        first = ([], 0)
        goOn()
    }

    private func send() {
        var made = 0
        while next < objects.count, made < Self.portion, call.sink.bufferedBytes < Self.highWater {
            // They are what they were when they were measured.
            guard let item = document.item(objects[next], isFirst: next == 0) else { return call.sink.abort() }
            call.sink.send(item)
            made += item.count
            next += 1
        }
        if next == objects.count {
            call.sink.send(tail)
            return call.sink.end()
        }
        // A client that takes nothing is asked less and less often.
        pause = made > 0 ? .milliseconds(1) : min(pause * 2, Self.longestPause)
        goOn()
    }

    private func goOn() { loop.after(pause) { self.proceed() } }
}
