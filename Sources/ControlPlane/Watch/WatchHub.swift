internal import Linux

/// All watches, by what they watch. Changes come in once and go out to whom they concern.
final class WatchHub {
    /// Upstream's: about a minute between bookmarks, and one shortly before the end.
    private static let bookmarkInterval = Duration.seconds(60)
    private static let goodbye = Duration.seconds(2)

    private var sessions: [StoragePrefix: [ObjectIdentifier: WatchSession]] = [:]
    /// Those that have yet to send what there is.
    private var busy: [ObjectIdentifier: WatchSession] = [:]
    private(set) var count = 0

    func add(_ session: WatchSession, _ cache: ObjectCache) {
        let id = ObjectIdentifier(session)
        sessions[session.storage, default: [:]][id] = session
        count += 1
        session.call.sink.onClose = { [weak self, weak session] in
            guard let self, let session else { return }
            session.closed()
            self.remove(session)
        }
        proceed(session, cache)
    }

    var hasBusy: Bool { !busy.isEmpty }

    /// When to look again whether those that are behind have room: the more there are, the more it costs.
    var pause: Duration { .milliseconds(max(5, busy.count / 20)) }

    /// Tells everyone concerned.
    func publish(_ changes: [ObjectChange], _ cache: ObjectCache) {
        for change in changes {
            guard let interested = sessions[change.storage] else { continue }
            for session in interested.values {
                session.take(change)
                if session.isBusy { busy[ObjectIdentifier(session)] = session }
            }
            // Whoever comes later encodes it for itself: kept, the encodings would double the ring.
            change.frames = [:]
        }
    }

    /// Gives those that were behind what there is room for now.
    func proceed(_ cache: ObjectCache) {
        for session in busy.values { proceed(session, cache) }
    }

    /// Bookmarks, and the end of watches whose time has come. Called every second or so.
    func tick(_ now: MonotonicTime, _ cache: ObjectCache) {
        for group in sessions.values {
            for session in group.values { tick(session, now, cache) }
        }
    }

    /// The server stops: every client is told how far it has got, and that there is no more.
    func endAll(_ cache: ObjectCache) {
        for group in sessions.values {
            for session in group.values {
                if case .live = session.phase, session.sendsBookmarks { session.sendBookmark(at: cache.revision) }
                session.end()
            }
        }
    }

    /// Changes were lost: every client must list again.
    func expireAll(_ cache: ObjectCache) {
        for group in sessions.values { for session in group.values { session.expire(cache) } }
    }

    /// Ends the watches of a resource that is no longer served.
    func end(_ storage: StoragePrefix) {
        for session in (sessions[storage] ?? [:]).values { session.end() }
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
        let id = ObjectIdentifier(session)
        busy[id] = nil
        guard sessions[session.storage]?.removeValue(forKey: id) != nil else { return }
        count -= 1
        if sessions[session.storage]?.isEmpty == true { sessions[session.storage] = nil }
    }
}
