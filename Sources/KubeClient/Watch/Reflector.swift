package import Daemon
package import Linux

/// Keeps a copy of a collection in step with the server: what to ask next, as a state machine without a connection.
///
/// A copy begins with a watch that is asked for all objects first (KEP-3157, WatchList), and where the server will not
/// or cannot, with a list. From then on watches resume at the last revision seen; one that is no longer kept begins
/// anew.
package struct Reflector: Sendable {
    package enum Input: Sendable {
        case start
        /// The request has been answered with success; its objects follow.
        case opened
        /// A page has been read, its objects are staged.
        case page(revision: String, continueToken: String)
        /// An object has come; it has been applied to what is being built.
        case object(revision: String)
        case bookmark(revision: String, endsInitialEvents: Bool)
        /// The request or the watch has failed, or ended with an ERROR event.
        case failed(APIFailure)
        /// What came cannot be read.
        case malformed(String)
        /// The watch has ended as watches do.
        case ended
        /// The time of the last `.wait` is over.
        case timer
    }

    package enum Action: Hashable, Sendable {
        /// Ask for a page, and stage its objects.
        case list(limit: Int?, continueToken: String)
        /// Watch from the revision; nil asks for all objects first.
        case watch(from: String?, timeout: Duration)
        /// Objects from now on are of a new copy: forget what was staged before.
        case stage
        /// The staged copy is whole and takes the place of the one before.
        case commit
        /// The request that is under way is of no use any more.
        case abandon
        /// Say `.timer` after this time, instead of any time before.
        case wait(Duration)
        /// What is wrong, and nil when it no longer is.
        case report(String?)
    }

    private enum State: Hashable, Sendable {
        case idle
        case waiting
        /// A watch that begins with all objects; the moment of the last sign of life.
        case initialWatch(MonotonicTime, isOpen: Bool)
        case listing(continueToken: String)
        case watching(since: MonotonicTime?, hasEvents: Bool)
    }

    private var state = State.idle
    /// The last revision of which all is known; nil: of none.
    package private(set) var revision: String?
    /// The server has not shown yet that it cannot.
    package private(set) var usesInitialEvents = true
    private var initialFailures = 0
    private var malformedAnswers = 0
    private var expirations = 0
    private var pageSize: Int?
    private var isTroubled = false
    private var backoff: Backoff

    private let pages: Int
    /// How long a server may be silent before the mark that ends its initial events, before a list is asked for.
    package static let initialSilence = Duration.seconds(10)
    /// A watch that ends sooner, and with nothing, is no watch.
    private static let shortWatch = Duration.seconds(1)

    /// `backoff` draws from the upper half of its range: 1.6 s is 0.8 s at least.
    package init(
        pageSize: Int = 500, backoff: Backoff = Backoff(initial: .milliseconds(1600), maximum: .seconds(30))
    ) {
        pages = pageSize
        self.pageSize = pageSize
        self.backoff = backoff
    }

    /// Objects are staged for a new copy, not applied to the present one.
    package var isStaging: Bool {
        switch state {
        case .initialWatch, .listing: true
        case .idle, .waiting, .watching: false
        }
    }

    package mutating func receive(_ input: Input, now: MonotonicTime = .now) -> [Action] {
        switch input {
        case .start: return state == .idle ? begin(now) : []
        case .timer: return timer(now)
        case .opened: return opened(now)
        case .page(let revision, let token): return page(revision, token, now)
        case .object(let revision): return object(revision, now)
        case .bookmark(let revision, let isEnd): return bookmark(revision, isEnd, now)
        case .failed(let failure): return failed(failure, now)
        case .malformed(let reason): return malformed(reason, now)
        case .ended: return ended(now)
        }
    }

    // MARK: Asking

    private mutating func begin(_ now: MonotonicTime) -> [Action] {
        if let revision {
            state = .watching(since: nil, hasEvents: false)
            return [.watch(from: revision, timeout: watchTimeout())]
        }
        if usesInitialEvents {
            state = .initialWatch(now, isOpen: false)
            return [.stage, .watch(from: nil, timeout: watchTimeout()), .wait(Self.initialSilence)]
        }
        return list()
    }

    private mutating func list() -> [Action] {
        state = .listing(continueToken: "")
        return [.stage, .list(limit: pageSize, continueToken: "")]
    }

    /// Watches that began together do not all begin anew together.
    private func watchTimeout() -> Duration { .seconds(Int.random(in: 300..<600)) }

    private mutating func pause(_ trouble: String, atLeast: Duration? = nil) -> [Action] {
        state = .waiting
        isTroubled = true
        return [.report(trouble), .wait(max(backoff.next(), atLeast ?? .zero))]
    }

    private mutating func works() -> [Action] {
        backoff.reset()
        (initialFailures, malformedAnswers, expirations) = (0, 0, 0)
        return relieved()
    }

    private mutating func relieved() -> [Action] {
        guard isTroubled else { return [] }
        isTroubled = false
        return [.report(nil)]
    }

    private mutating func timer(_ now: MonotonicTime) -> [Action] {
        switch state {
        case .waiting: return begin(now)
        case .initialWatch(let sign, _):
            let silence = now - sign
            if silence < Self.initialSilence { return [.wait(Self.initialSilence - silence)] }
            // It takes the question for a plain watch, as servers before 1.27 do.
            usesInitialEvents = false
            return [.abandon] + list()
        case .idle, .listing, .watching: return []
        }
    }

    // MARK: Answers

    private mutating func opened(_ now: MonotonicTime) -> [Action] {
        switch state {
        case .initialWatch: state = .initialWatch(now, isOpen: true)
        case .watching(since: nil, let hasEvents):
            state = .watching(since: now, hasEvents: hasEvents)
            // Whether it lasts, and the pauses become short again, is seen later.
            return relieved()
        case .idle, .waiting, .listing, .watching: break
        }
        return []
    }

    private mutating func object(_ revision: String, _ now: MonotonicTime) -> [Action] {
        guard !revision.isEmpty else { return malformed("an object without a resourceVersion", now) }
        switch state {
        case .initialWatch: state = .initialWatch(now, isOpen: true)
        case .watching(let since, _):
            self.revision = revision
            state = .watching(since: since ?? now, hasEvents: true)
            return works()
        case .idle, .waiting, .listing: break
        }
        return []
    }

    private mutating func bookmark(_ revision: String, _ isEnd: Bool, _ now: MonotonicTime) -> [Action] {
        guard !revision.isEmpty else { return malformed("a bookmark without a resourceVersion", now) }
        switch state {
        case .initialWatch:
            state = .initialWatch(now, isOpen: true)
            guard isEnd else { return [] }
            self.revision = revision
            state = .watching(since: now, hasEvents: true)
            return [.commit] + works()
        case .watching(let since, _):
            self.revision = revision
            state = .watching(since: since ?? now, hasEvents: true)
            return works()
        case .idle, .waiting, .listing: return []
        }
    }

    private mutating func page(_ revision: String, _ token: String, _ now: MonotonicTime) -> [Action] {
        guard case .listing = state else { return [] }
        if !token.isEmpty {
            state = .listing(continueToken: token)
            return [.list(limit: pageSize, continueToken: token)]
        }
        guard !revision.isEmpty else { return malformed("a list without a resourceVersion", now) }
        self.revision = revision
        pageSize = pages
        // The watch says whether all is well.
        return [.commit] + begin(now)
    }

    // MARK: Failures

    private mutating func failed(_ failure: APIFailure, _ now: MonotonicTime) -> [Action] {
        let trouble = failure.description
        switch state {
        case .idle, .waiting: return []
        case .initialWatch(_, let isOpen):
            if isRefusalOfInitialEvents(failure) {
                usesInitialEvents = false
                return list()
            }
            return initialFailed(trouble, isOpen, failure)
        case .listing(let token):
            if failure.isExpired && !token.isEmpty {
                // The pages took longer than the server keeps revisions: all at once, then.
                pageSize = nil
                return list()
            }
            return pause(trouble, atLeast: failure.retryAfter)
        case .watching:
            let isUnusable = failure.kind == .refused && (failure.code == 400 || failure.code == 422)
            guard failure.isExpired || failure.isOfTheFuture || isUnusable else {
                return pause(trouble, atLeast: failure.retryAfter)
            }
            revision = nil
            expirations += 1
            // Once is what happens to a client that was away; again and again is a server in trouble.
            if failure.isExpired && expirations == 1 { return begin(now) }
            return pause(trouble, atLeast: failure.retryAfter)
        }
    }

    /// Anything that the server says to the question itself, but that it is busy or does not know us.
    private func isRefusalOfInitialEvents(_ failure: APIFailure) -> Bool {
        guard failure.kind == .refused, !failure.isExpired else { return false }
        switch failure.code {
        case 401, 403, 404, 408, 429: return false
        case 400..<500: return true
        // Servers on an etcd without progress notification say so in an ERROR event of this kind.
        case 500, 501: return true
        default: return false
        }
    }

    private mutating func initialFailed(_ trouble: String, _ isOpen: Bool, _ failure: APIFailure? = nil) -> [Action] {
        if isOpen { initialFailures += 1 }
        // The long answer does not come through; a list has pages.
        if initialFailures == 3 { usesInitialEvents = false }
        return pause(trouble, atLeast: failure?.retryAfter)
    }

    private mutating func malformed(_ reason: String, _ now: MonotonicTime) -> [Action] {
        switch state {
        case .idle, .waiting: return []
        case .initialWatch: return [.abandon] + initialFailed(reason, true)
        case .listing: return [.abandon] + pause(reason)
        case .watching:
            malformedAnswers += 1
            // Something after this revision cannot be read; perhaps what stands now can.
            if malformedAnswers >= 3 {
                revision = nil
                malformedAnswers = 0
            }
            return [.abandon] + pause(reason)
        }
    }

    private mutating func ended(_ now: MonotonicTime) -> [Action] {
        switch state {
        case .idle, .waiting, .listing: return []
        case .initialWatch: return initialFailed("the server has ended the watch before all objects had come", true)
        case .watching(let since, let hasEvents):
            let hasLived = hasEvents || since.map { now - $0 >= Self.shortWatch } ?? false
            if !hasLived { return pause("the server ends each watch at once") }
            return works() + begin(now)
        }
    }
}
