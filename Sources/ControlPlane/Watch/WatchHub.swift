internal import Linux
internal import Store

/// All watches, by what they watch. Changes come in once and go out to whom they concern.
final class WatchHub {
    /// Upstream's: about a minute between bookmarks, and one shortly before the end.
    private static let bookmarkInterval = Duration.seconds(60)
    private static let goodbye = Duration.seconds(2)

    private var groups: [WatchGroup.Key: WatchGroup] = [:]
    private var lanes: [StoragePrefix: [WatchGroup]] = [:]
    /// Those that have yet to send what there is.
    private var busy: [ObjectIdentifier: WatchSession] = [:]
    private(set) var count = 0
    /// What is being told, the oldest change first.
    private var rounds: [Round] = []
    private static let mostRounds = 64
    /// For how long a turn of the loop tells watches of changes, as thousands take longer than others are to wait; and
    /// how many are told between two looks at the clock.
    var pace = (time: Duration.milliseconds(2), watches: 64)

    /// A change, and who has yet to hear of it.
    private struct Round {
        let change: ObjectChange
        var groups: ArraySlice<WatchGroup>
        /// Of the first group, those below this place.
        var place = Int.max
        var frames = WatchFrames()
    }

    func add(_ session: WatchSession, _ cache: ObjectCache) {
        let key = session.group.key
        if let known = groups[key] {
            session.group = known
        } else {
            groups[key] = session.group
            lanes[key.storage, default: []].append(session.group)
        }
        session.group.add(session)
        count += 1
        // The session is held, until its end, by what is called then: a weak reference would make every touch of it slower,
        // and each change touches all of them.
        session.call.sink.onClose = { [weak self] in
            session.closed()
            self?.remove(session)
        }
        proceed(session, cache)
    }

    var hasBusy: Bool { !busy.isEmpty }

    /// When to look again whether those that are behind have room: the more there are, the more it costs.
    var pause: Duration { .milliseconds(max(5, busy.count / 20)) }

    /// Tells everyone concerned; `deliver` goes on with those for whom there was no time.
    func publish(_ changes: [ObjectChange]) {
        for change in changes {
            if let groups = lanes[change.storage] { rounds.append(Round(change: change, groups: groups[...])) }
        }
        deliver()
    }

    /// There are some who have not been told of everything yet.
    var isDelivering: Bool { !rounds.isEmpty }

    /// Goes on telling, for a moment.
    func deliver() {
        let end = MonotonicTime.now + pace.time
        // Who writes faster than everybody can be told has to wait for it.
        deliver { rounds.count <= Self.mostRounds && MonotonicTime.now >= end }
    }

    private func deliver(until isLate: () -> Bool) {
        var isOver = false
        while !isOver, var round = rounds.first {
            while !isOver, let group = round.groups.first {
                round.place = group.publish(
                    round.change, below: round.place, atMost: pace.watches, &round.frames
                ) { busy[ObjectIdentifier($0)] = $0 }
                if round.place == 0 {
                    round.groups.removeFirst()
                    round.place = .max
                }
                isOver = isLate()
            }
            if round.groups.isEmpty { rounds.removeFirst() } else { rounds[0] = round }
        }
    }

    /// Gives those that were behind what there is room for now.
    func proceed(_ cache: ObjectCache) {
        for session in busy.values { proceed(session, cache) }
    }

    /// Bookmarks, and the end of watches whose time has come. Called every second or so.
    func tick(_ now: MonotonicTime, _ cache: ObjectCache) {
        // What is being told is not behind a bookmark yet.
        let told = rounds.first.map { $0.change.revision - 1 } ?? cache.revision
        forEach { tick($0, now, told) }
    }

    /// The server stops: every client is told how far it has got, and that there is no more.
    func endAll(_ cache: ObjectCache) {
        deliver { false }
        forEach { session in
            if case .live = session.phase, session.sendsBookmarks { session.sendBookmark(at: cache.revision) }
            session.end()
        }
    }

    /// Changes were lost: every client must list again.
    func expireAll(_ cache: ObjectCache) {
        rounds = []
        forEach { $0.expire(cache) }
    }

    /// Ends the watches of a resource that is no longer served.
    func end(_ storage: StoragePrefix) {
        deliver { false }
        for group in lanes[storage] ?? [] {
            for session in group.sessions { session.end() }
        }
    }

    private func forEach(_ body: (WatchSession) -> Void) {
        for group in groups.values {
            for session in group.sessions { body(session) }
        }
    }

    private func tick(_ session: WatchSession, _ now: MonotonicTime, _ told: Revision) {
        if now >= session.deadline {
            session.end()
            return
        }
        guard session.sendsBookmarks, case .live = session.phase else { return }
        if now + Self.goodbye >= session.deadline, !session.hasSaidGoodbye {
            session.hasSaidGoodbye = true
            session.sendBookmark(at: max(told, session.revision))
        } else if now >= session.nextBookmark {
            session.nextBookmark = now + Self.bookmarkInterval
            session.sendBookmark(at: max(told, session.revision))
        }
    }

    private func proceed(_ session: WatchSession, _ cache: ObjectCache) {
        session.proceed(cache, others: busy.count)
        busy[ObjectIdentifier(session)] = session.isBusy ? session : nil
    }

    private func remove(_ session: WatchSession) {
        busy[ObjectIdentifier(session)] = nil
        let group = session.group
        guard group.remove(session) else { return }
        count -= 1
        guard group.sessions.isEmpty else { return }
        groups[group.key] = nil
        lanes[group.key.storage]?.removeAll { $0 === group }
        if lanes[group.key.storage]?.isEmpty == true { lanes[group.key.storage] = nil }
    }
}
