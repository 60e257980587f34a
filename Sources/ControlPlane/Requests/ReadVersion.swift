internal import JSON
package import KubeAPI
package import Store

/// At which version a get, a list or a watch reads: what the parameters resourceVersion, resourceVersionMatch, limit,
/// continue and sendInitialEvents mean together (Kubernetes API concepts, "Resource versions").
package enum ReadVersion: Hashable, Sendable {
    /// Not older than the last acknowledged write.
    case mostRecent
    /// Whatever is at hand.
    case any
    /// What is at hand once this revision has been seen.
    case notOlderThan(Revision)
    /// As it was at this revision.
    case exact(Revision)
    /// The next page of a list.
    case page(ContinueToken)

    package static func ofGet(resourceVersion: String) throws(APIStatus) -> ReadVersion {
        guard let revision = try parse(resourceVersion) else { return .mostRecent }
        return revision == 0 ? .any : .notOlderThan(revision)
    }

    package static func ofList(_ options: ListOptions) throws(APIStatus) -> ReadVersion {
        if let problem = problem(options) { throw .invalid(ListOptions.kind, "", [problem]) }
        let revision = try parse(options.resourceVersion)
        if !options.continuation.isEmpty {
            if let revision, revision != 0 {
                throw .badRequest("specifying resource version is not allowed when using continue")
            }
            guard let token = ContinueToken(options.continuation) else {
                throw .badRequest("continue key is not valid")
            }
            return .page(token)
        }
        guard let revision else { return .mostRecent }
        if revision == 0 { return .any }
        switch options.match {
        case "Exact": return .exact(revision)
        case "NotOlderThan": return .notOlderThan(revision)
        default: return options.limit > 0 ? .exact(revision) : .notOlderThan(revision)
        }
    }

    /// The number of a version; nil for none.
    package static func parse(_ text: String) throws(APIStatus) -> Revision? {
        if text.isEmpty { return nil }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let revision = Revision(text) else {
            throw .badRequest(
                "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        return revision
    }

    private static func problem(_ options: ListOptions) -> FieldCause? {
        if options.sendsInitialEvents != nil {
            return .forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list")
        }
        guard !options.match.isEmpty else { return nil }
        let field = "resourceVersionMatch"
        if options.resourceVersion.isEmpty {
            return .forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided")
        }
        if !options.continuation.isEmpty {
            return .forbidden(field, "resourceVersionMatch is forbidden when continue is provided")
        }
        switch options.match {
        case "Exact" where options.resourceVersion == "0":
            return .forbidden(field, "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"")
        case "Exact", "NotOlderThan": return nil
        default: return .notSupported(field, .string(options.match), ["Exact", "NotOlderThan"])
        }
    }
}

/// Where a watch begins.
package struct WatchStart: Hashable, Sendable {
    /// Send what is there as additions first.
    package var sendsState: Bool
    /// Say with a marked bookmark where those end.
    package var marksEnd: Bool
    /// Begin behind this revision; with the state: only once it has been seen. nil: wherever we are.
    package var revision: Revision?
    /// The state must not be older than the last acknowledged write.
    package var isMostRecent: Bool

    package init(sendsState: Bool, marksEnd: Bool, revision: Revision?, isMostRecent: Bool) {
        self.sendsState = sendsState
        self.marksEnd = marksEnd
        self.revision = revision
        self.isMostRecent = isMostRecent
    }

    package init(_ options: ListOptions) throws(APIStatus) {
        if let problem = Self.problem(options) { throw .invalid(ListOptions.kind, "", [problem]) }
        let version = try ReadVersion.parse(options.resourceVersion)
        switch options.sendsInitialEvents {
        case nil:
            self.init(
                sendsState: (version ?? 0) == 0, marksEnd: false, revision: version == 0 ? nil : version,
                isMostRecent: version == nil)
        case true?:
            self.init(
                sendsState: true, marksEnd: options.allowsBookmarks, revision: version == 0 ? nil : version,
                isMostRecent: version == nil)
        case false?:
            self.init(
                sendsState: false, marksEnd: false, revision: version == 0 ? nil : version,
                isMostRecent: version == nil)
        }
    }

    private static func problem(_ options: ListOptions) -> FieldCause? {
        let field = "resourceVersionMatch"
        guard options.sendsInitialEvents != nil else {
            return options.match.isEmpty
                ? nil
                : .forbidden(field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
        }
        if options.match.isEmpty {
            return .forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
        }
        if options.match != "NotOlderThan" { return .notSupported(field, .string(options.match), ["NotOlderThan"]) }
        if !options.continuation.isEmpty {
            return .forbidden(field, "resourceVersionMatch is forbidden when continue is provided")
        }
        return nil
    }
}
