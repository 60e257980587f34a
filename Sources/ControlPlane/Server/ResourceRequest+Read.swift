internal import JSON
internal import KubeAPI
internal import Linux
internal import Store

extension ResourceRequest {
    func get() throws(APIStatus) {
        let version = try ReadVersion.ofGet(resourceVersion: call.query["resourceVersion"] ?? "")
        whenReady(version) { (_) throws(APIStatus) in
            guard let object = server.cache.object(storage, path) else {
                throw .notFound(type.groupResource, info.name)
            }
            answer(object)
        }
    }

    func list() throws(APIStatus) {
        let options = try ListOptions(call.query)
        let version = try ReadVersion.ofList(options)
        let filter = try filter(options)
        whenReady(version) { (_) throws(APIStatus) in
            guard let page = page(version, filter, options) else { return refuseExpired(version) }
            answer(page)
        }
    }

    func page(_ version: ReadVersion, _ filter: ObjectFilter, _ options: ListOptions) -> ListPage? {
        let (revision, start): (Revision?, String) =
            switch version {
            case .mostRecent, .any, .notOlderThan: (nil, "")
            case .exact(let revision): (revision, "")
            case .page(let token): (token.revision, token.start)
            }
        return server.cache.list(storage, filter, at: revision, from: start, limit: options.limit)
    }

    /// The revision is too long ago. Of a page, the client is told how to go on all the same.
    func refuseExpired(_ version: ReadVersion) {
        guard case .page(let token) = version else {
            return call.fail(.expired("The resourceVersion for the provided list is too old."))
        }
        let status = APIStatus.expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list "
                + "without the continue parameter, or use the continue token in this response to retrieve the "
                + "remainder of the results. Continuing with the provided token results in an inconsistent list - "
                + "objects that were created, modified, or deleted between the time the first chunk was returned and "
                + "now may show up in the list.")
        call.fail(status, continuation: ContinueToken(revision: nil, start: token.start).text)
    }

    func watch() throws(APIStatus) {
        let options = try ListOptions(call.query)
        let start = try WatchStart(options)
        let filter = try filter(options)
        let version: ReadVersion =
            start.isMostRecent
            ? .mostRecent : start.sendsState ? start.revision.map { .notOlderThan($0) } ?? .any : .any
        whenReady(version) { (_) throws(APIStatus) in begin(options, start, filter) }
    }

    private func begin(_ options: ListOptions, _ start: WatchStart, _ filter: ObjectFilter) {
        let cache = server.cache
        // Upstream's default lies between 30 and 60 minutes, so that not all clients come back at once.
        let seconds = options.timeoutSeconds.flatMap { $0 > 0 ? $0 : nil } ?? Int.random(in: 1800..<3600)
        let deadline = MonotonicTime.now + .seconds(seconds)
        call.begin(contentType: call.form.contentType(isStream: true))
        guard let opening = cache.opening(storage, filter, start) else {
            // The stream has begun: what is wrong is an event of it.
            let revision = start.revision ?? 0
            let status = APIStatus.expired("too old resource version: \(revision) (\(cache.ring.start))")
            call.sink.send(WatchEncoding.frame("ERROR", status.json, renderer.form.encoding))
            return call.sink.end()
        }
        let session = WatchSession(
            call, WatchGroup(storage, filter, renderer), sendsBookmarks: options.allowsBookmarks,
            marksEnd: start.marksEnd, opening: opening, deadline: deadline)
        server.hub.add(session, cache)
        if session.isBusy { server.proceedSoon() }
    }

    // MARK: Pieces

    func filter(_ options: ListOptions) throws(APIStatus) -> ObjectFilter {
        var options = options
        // /watch/…/pods/x and its like are about one object.
        if !info.name.isEmpty, options.fieldSelector.isEmpty { options.fieldSelector = "metadata.name=\(info.name)" }
        return try ObjectFilter(
            type, isStoredVersion: renderer.isStoredVersion, namespace: namespace, options: options)
    }

    /// Goes on when the cache is as new as the read wants it.
    func whenReady(_ version: ReadVersion, _ body: @escaping (Revision) throws(APIStatus) -> Void) {
        let proceed: (APIStatus?) -> Void = { problem in
            do throws(APIStatus) {
                if let problem { throw problem }
                try body(server.cache.revision)
            } catch {
                call.fail(error)
            }
        }
        let wanted: Revision
        switch version {
        case .mostRecent: return server.whenCurrent(proceed)
        case .any: return proceed(nil)
        case .page(let token):
            guard let revision = token.revision else { return server.whenCurrent(proceed) }
            wanted = revision
        case .notOlderThan(let revision), .exact(let revision): wanted = revision
        }
        server.whenSeen(wanted) { hasSeen in
            let current = UInt64(server.cache.revision)
            proceed(hasSeen ? nil : .tooLargeResourceVersion(UInt64(wanted), current: current))
        }
    }
}
