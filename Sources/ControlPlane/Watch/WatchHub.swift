internal import Linux

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

    /// Tells everyone concerned.
    func publish(_ changes: [ObjectChange], _ cache: ObjectCache) {
        for change in changes {
            var frames = WatchFrames()
            for group in lanes[change.storage] ?? [] {
                group.publish(change, &frames) { busy[ObjectIdentifier($0)] = $0 }
            }
        }
    }

    /// Gives those that were behind what there is room for now.
    func proceed(_ cache: ObjectCache) {
        for session in busy.values { proceed(session, cache) }
    }

    /// Bookmarks, and the end of watches whose time has come. Called every second or so.
    func tick(_ now: MonotonicTime, _ cache: ObjectCache) {
        forEach { tick($0, now, cache) }
    }

    /// The server stops: every client is told how far it has got, and that there is no more.
    func endAll(_ cache: ObjectCache) {
        forEach { session in
            if case .live = session.phase, session.sendsBookmarks { session.sendBookmark(at: cache.revision) }
            session.end()
        }
    }

    /// Changes were lost: every client must list again.
    func expireAll(_ cache: ObjectCache) {
        forEach { $0.expire(cache) }
    }

    /// Ends the watches of a resource that is no longer served.
    func end(_ storage: StoragePrefix) {
        for group in lanes[storage] ?? [] {
            for session in group.sessions { session.end() }
        }
    }

    private func forEach(_ body: (WatchSession) -> Void) {
        for group in groups.values {
            for session in group.sessions { body(session) }
        }
    }

    private func tick(_ session: WatchSession, _ now: MonotonicTime, _ cache: ObjectCache) {
        if now >= session.deadline {
            session.end()
            return
        }
        guard session.sendsBookmarks, case .live = session.phase else { return }
        if now + Self.goodbye >= session.deadline, !session.hasSaidGoodbye {
            session.hasSaidGoodbye = true
            session.sendBookmark(at: cache.revision)
        } else if now >= session.nextBookmark {
            session.nextBookmark = now + Self.bookmarkInterval
            session.sendBookmark(at: cache.revision)
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
