import Daemon
import HTTP
import KubeClient
import Linux
import Testing

@Suite("The reflector")
struct ReflectorTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

    private func refused(_ code: Int, _ reason: String = "", causes: [String] = [], retryAfter: Duration? = nil)
        -> Reflector.Input
    {
        var failure = APIFailure(.refused, operation: "GET /things", message: "no")
        (failure.code, failure.reason, failure.causes, failure.retryAfter) = (code, reason, causes, retryAfter)
        return .failed(failure)
    }

    private let broken = Reflector.Input.failed(
        APIFailure(.transport(.broken), operation: "GET /things", message: "connection reset"))

    /// The actions in words, without times.
    private func words(_ actions: [Reflector.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .list(let limit, let token): "list \(limit.map { "\($0)" } ?? "all") \(token)"
            case .watch(nil, _): "watch all"
            case .watch(let revision?, _): "watch \(revision)"
            case .stage: "stage"
            case .commit: "commit"
            case .abandon: "abandon"
            case .wait: "wait"
            case .report(let trouble): trouble == nil ? "works" : "trouble"
            }
        }
    }

    private func pause(_ actions: [Reflector.Action]) -> Duration? {
        for case .wait(let delay) in actions { return delay }
        return nil
    }

    /// One that has a copy as of revision 10 and watches.
    private func synced() -> Reflector {
        var reflector = Reflector()
        _ = reflector.receive(.start, now: start)
        _ = reflector.receive(.opened, now: start)
        _ = reflector.receive(.bookmark(revision: "10", endsInitialEvents: true), now: start)
        return reflector
    }

    @Test("begins with a watch for all objects, and has a copy at the marked bookmark, not before")
    func initialEvents() {
        var reflector = Reflector()
        #expect(words(reflector.receive(.start, now: start)) == ["stage", "watch all", "wait"])
        #expect(reflector.receive(.opened, now: start).isEmpty)
        #expect(reflector.isStaging)
        #expect(reflector.receive(.object(revision: "7"), now: start).isEmpty)
        #expect(reflector.receive(.bookmark(revision: "9", endsInitialEvents: false), now: start).isEmpty)
        #expect(reflector.revision == nil)
        #expect(words(reflector.receive(.bookmark(revision: "10", endsInitialEvents: true), now: start)) == ["commit"])
        #expect(reflector.revision == "10" && !reflector.isStaging)
        // The timer of the beginning means nothing any more.
        #expect(reflector.receive(.timer, now: start + .seconds(11)).isEmpty)
        #expect(reflector.receive(.object(revision: "12"), now: start).isEmpty)
        #expect(words(reflector.receive(.ended, now: start)) == ["watch 12"])
    }

    @Test(
        "lists where the server refuses initial events, and does not ask for them again",
        arguments: [(400, "BadRequest"), (422, "Invalid"), (406, "NotAcceptable"), (500, "InternalError")])
    func refusal(_ code: Int, _ reason: String) {
        var reflector = Reflector()
        _ = reflector.receive(.start, now: start)
        #expect(words(reflector.receive(refused(code, reason), now: start)) == ["stage", "list 500 "])
        #expect(reflector.isStaging)
        let page = reflector.receive(.page(revision: "3", continueToken: "more"), now: start)
        #expect(words(page) == ["list 500 more"])
        #expect(words(reflector.receive(.page(revision: "3", continueToken: ""), now: start)) == ["commit", "watch 3"])
        #expect(!reflector.isStaging)
        _ = reflector.receive(.opened, now: start)
        #expect(words(reflector.receive(refused(410, "Expired"), now: start)) == ["stage", "list 500 "])
    }

    @Test("lists when the server takes the watch and never marks the end, but not while objects still come")
    func ignored() {
        var reflector = Reflector()
        _ = reflector.receive(.start, now: start)
        _ = reflector.receive(.opened, now: start)
        var now = start
        for revision in 0..<10 {
            now = now + .seconds(8)
            #expect(reflector.receive(.object(revision: "\(revision + 1)"), now: now).isEmpty)
            #expect(words(reflector.receive(.timer, now: now + .seconds(2))) == ["wait"])
        }
        let end = words(reflector.receive(.timer, now: now + .seconds(10)))
        #expect(end == ["abandon", "stage", "list 500 "])
        #expect(!reflector.usesInitialEvents)
    }

    @Test("resumes at the last revision after every kind of break", arguments: 0..<4)
    func resume(_ kind: Int) {
        var reflector = synced()
        _ = reflector.receive(.object(revision: "11"), now: start)
        let input = [broken, refused(500), refused(429, retryAfter: .seconds(2)), refused(503)][kind]
        #expect(words(reflector.receive(input, now: start)) == ["trouble", "wait"])
        #expect(reflector.receive(.ended, now: start).isEmpty)
        #expect(words(reflector.receive(.timer, now: start)) == ["watch 11"])
        #expect(words(reflector.receive(.opened, now: start)) == ["works"])
        #expect(reflector.receive(.bookmark(revision: "15", endsInitialEvents: false), now: start).isEmpty)
        #expect(words(reflector.receive(.ended, now: start)) == ["watch 15"])
    }

    @Test("begins anew when its revision is gone, at once the first time, later with a pause")
    func expired() {
        var reflector = synced()
        #expect(words(reflector.receive(refused(410, "Gone"), now: start)) == ["stage", "watch all", "wait"])
        _ = reflector.receive(.opened, now: start)
        #expect(words(reflector.receive(.bookmark(revision: "20", endsInitialEvents: true), now: start)) == ["commit"])
        #expect(words(reflector.receive(refused(410, "Expired"), now: start)) == ["stage", "watch all", "wait"])
        // Lists this time, so that no success comes between.
        #expect(words(reflector.receive(refused(422), now: start)) == ["stage", "list 500 "])
        #expect(
            words(reflector.receive(.page(revision: "21", continueToken: ""), now: start)) == ["commit", "watch 21"])
        #expect(words(reflector.receive(refused(410, "Expired"), now: start)) == ["trouble", "wait"])
        #expect(words(reflector.receive(.timer, now: start)) == ["stage", "list 500 "])
    }

    @Test("begins anew when the server does not know its revision yet, as after a restored backup")
    func future() {
        var reflector = synced()
        let input = refused(504, "Timeout", causes: ["ResourceVersionTooLarge"], retryAfter: .seconds(1))
        #expect(words(reflector.receive(input, now: start)) == ["trouble", "wait"])
        #expect(words(reflector.receive(.timer, now: start)) == ["stage", "watch all", "wait"])
    }

    @Test("lists all at once when the pages' revision has run out")
    func expiredPage() {
        var reflector = Reflector(pageSize: 2)
        _ = reflector.receive(.start, now: start)
        _ = reflector.receive(refused(422), now: start)
        _ = reflector.receive(.page(revision: "3", continueToken: "more"), now: start)
        #expect(words(reflector.receive(refused(410, "Expired"), now: start)) == ["stage", "list all "])
        #expect(words(reflector.receive(.page(revision: "4", continueToken: ""), now: start)) == ["commit", "watch 4"])
        _ = reflector.receive(refused(410, "Expired"), now: start)
        // The next one in pages again.
        #expect(words(reflector.receive(refused(500), now: start)) != ["stage", "list all "])
    }

    @Test("keeps its copy and waits while it may not ask", arguments: [401, 403, 404])
    func forbidden(_ code: Int) {
        var reflector = Reflector()
        _ = reflector.receive(.start, now: start)
        #expect(words(reflector.receive(refused(code), now: start)) == ["trouble", "wait"])
        #expect(words(reflector.receive(.timer, now: start)) == ["stage", "watch all", "wait"])
    }

    @Test("a server that is down for long is asked for initial events all the same when it is back")
    func down() {
        var reflector = Reflector()
        _ = reflector.receive(.start, now: start)
        for _ in 0..<20 {
            #expect(words(reflector.receive(broken, now: start)) == ["trouble", "wait"])
            #expect(words(reflector.receive(.timer, now: start)) == ["stage", "watch all", "wait"])
        }
        // But one that breaks off each time lets us ask for pages.
        for _ in 0..<3 {
            _ = reflector.receive(.opened, now: start)
            #expect(words(reflector.receive(broken, now: start)) == ["trouble", "wait"])
            _ = reflector.receive(.timer, now: start)
        }
        #expect(!reflector.usesInitialEvents)
    }

    @Test("answers that cannot be read are left, and after three of them in a row all is read anew")
    func malformed() {
        var reflector = synced()
        for _ in 0..<2 {
            #expect(words(reflector.receive(.malformed("x"), now: start)) == ["abandon", "trouble", "wait"])
            #expect(words(reflector.receive(.timer, now: start)) == ["watch 10"])
        }
        _ = reflector.receive(.malformed("x"), now: start)
        #expect(words(reflector.receive(.timer, now: start)) == ["stage", "watch all", "wait"])
        #expect(words(reflector.receive(.object(revision: ""), now: start)) == ["abandon", "trouble", "wait"])
    }

    @Test("watches that end at once are begun again with pauses, ones that lived without")
    func shortWatches() {
        var reflector = synced()
        _ = reflector.receive(.ended, now: start)
        _ = reflector.receive(.opened, now: start)
        #expect(words(reflector.receive(.ended, now: start + .milliseconds(900))) == ["trouble", "wait"])
        _ = reflector.receive(.timer, now: start)
        #expect(words(reflector.receive(.opened, now: start)) == ["works"])
        #expect(words(reflector.receive(.ended, now: start + .seconds(300))) == ["watch 10"])
    }

    @Test("pauses grow from 0.8 to 30 seconds, jittered, are never shorter than the server wants, and start over")
    func pauses() throws {
        var reflector = synced()
        var last = Duration.zero
        var range = Duration.milliseconds(800)...Duration.milliseconds(1600)
        for _ in 0..<12 {
            last = try #require(pause(reflector.receive(broken, now: start)))
            #expect(range.contains(last))
            range = min(range.lowerBound * 2, .seconds(15))...min(range.upperBound * 2, .seconds(30))
            _ = reflector.receive(.timer, now: start)
        }
        #expect(last > .seconds(10))
        #expect(
            try #require(pause(reflector.receive(refused(429, retryAfter: .seconds(90)), now: start))) >= .seconds(90))
        _ = reflector.receive(.timer, now: start)
        _ = reflector.receive(.object(revision: "11"), now: start)
        #expect(try #require(pause(reflector.receive(broken, now: start))) <= .milliseconds(1600))
    }

    @Test("watches are asked for five to ten minutes, each for another time")
    func timeouts() {
        var timeouts: Set<Duration> = []
        for _ in 0..<50 {
            var reflector = Reflector()
            for case .watch(_, let timeout) in reflector.receive(.start, now: start) { timeouts.insert(timeout) }
        }
        #expect(timeouts.count > 10)
        #expect(timeouts.allSatisfy { (.seconds(300)..<(.seconds(600))).contains($0) })
    }

    @Test("whatever comes in whatever order, it always asks or waits for something, and a copy is only ever whole")
    func chaos() {
        for seed in 0..<300 {
            var reflector = Reflector()
            // What stands out: a request, or a timer.
            var pending = reflector.receive(.start, now: start)
            var (hasRequest, hasTimer) = (true, true)
            var isStaged = true
            for step in 0..<200 {
                let inputs: [Reflector.Input] = [
                    .opened, .page(revision: "\(step)", continueToken: step % 3 == 0 ? "t" : ""),
                    .object(revision: "\(step)"), .object(revision: ""),
                    .bookmark(revision: "\(step)", endsInitialEvents: step % 2 == 0), broken, refused(410, "Expired"),
                    refused(422), refused(401), .malformed("x"), .ended, .timer,
                ]
                guard let input = inputs.randomElement() else { return }
                pending = reflector.receive(input, now: start + .seconds(step))
                if case .timer = input { hasTimer = false }
                if case .failed = input { hasRequest = false }
                if case .ended = input { hasRequest = false }
                for action in pending {
                    switch action {
                    case .list, .watch: hasRequest = true
                    case .wait: hasTimer = true
                    case .abandon: hasRequest = false
                    case .stage: isStaged = true
                    case .commit:
                        #expect(isStaged)
                        isStaged = false
                    case .report: break
                    }
                }
                if case .page(_, let token) = input, token.isEmpty { continue }
                if case .failed = input, pending.isEmpty { hasRequest = true }
                if case .ended = input, pending.isEmpty { hasRequest = true }
                #expect(hasRequest || hasTimer, "seed \(seed), step \(step)")
            }
        }
    }
}
