import Store

/// What one list or one watch has told a client, from its beginning to its end.
struct WatchRecord {
    enum Start: Hashable {
        /// Changes after a revision.
        case after(Revision)
        /// What there is first: not older than the revision; `isMarked` when its end is to be said.
        case state(notBefore: Revision, isMarked: Bool)
        /// No watch but a list, of this revision, that must not be older than the other one.
        case list(Revision, notBefore: Revision)
    }

    var start: Start
    var told: [Told] = []

    /// What is wrong with it; nil when nothing is.
    func problem(_ expectation: Expectation) -> String? {
        switch start {
        case .after(let revision): return problem(told[...], after: revision, expectation)
        case .list(let revision, let floor):
            if revision < floor { return "a list at \(revision), when \(floor) had been acknowledged" }
            return difference(told, expectation.state(at: revision), isWhole: true).map {
                "a list at \(revision): \($0)"
            }
        case .state(let floor, let isMarked): return stateProblem(floor, isMarked, expectation)
        }
    }

    private func stateProblem(_ floor: Revision, _ isMarked: Bool, _ expectation: Expectation) -> String? {
        if isMarked, let end = told.firstIndex(where: { $0.kind == .endOfState }) {
            let revision = told[end].revision
            if revision < floor { return "a state at \(revision), when \(floor) had been acknowledged" }
            let state = Array(told[..<end])
            if let problem = difference(state, expectation.state(at: revision), isWhole: true) {
                return "the state at \(revision): \(problem)"
            }
            return problem(told[(end + 1)...], after: revision, expectation)
        }
        // Its revision was not said: it must be right for one.
        var first: String?
        var candidates = [floor]
        candidates += expectation.events[expectation.index(after: floor)...].map(\.revision)
        for revision in candidates {
            let state = expectation.state(at: revision)
            let length = min(state.count, told.count)
            var problem = difference(Array(told[..<length]), state, isWhole: false)
            if problem == nil, !isMarked { problem = self.problem(told[length...], after: revision, expectation) }
            if problem == nil { return nil }
            first = first ?? problem
        }
        return "the state at no revision from \(floor) on; at that one: \(first ?? "")"
    }

    /// Every event after the revision must be there once, in order, to the last one that is there.
    private func problem(_ told: ArraySlice<Told>, after start: Revision, _ expectation: Expectation) -> String? {
        var next = expectation.index(after: start)
        let events = expectation.events
        for one in told {
            let expected = next < events.count ? events[next] : nil
            switch one.kind {
            case .endOfState: return "an end of the state at \(one.revision) in the middle"
            case .bookmark:
                if one.revision < start { return "a bookmark of \(one.revision) in a watch from \(start)" }
                if let expected, expected.revision <= one.revision {
                    return "a bookmark of \(one.revision), and \(expected) was not told (from \(start))"
                }
            case .added, .modified, .deleted:
                guard let expected else { return "\(one) at the end of everything (from \(start))" }
                if !one.isAs(expected) { return "\(one) instead of \(expected) (from \(start))" }
                next += 1
            }
        }
        return nil
    }

    private func difference(_ told: [Told], _ state: [Told], isWhole: Bool) -> String? {
        for (one, expected) in zip(told, state) where !one.isAs(expected) { return "\(one) instead of \(expected)" }
        if isWhole, told.count != state.count { return "\(told.count) objects instead of \(state.count)" }
        return nil
    }
}

extension Told {
    /// What a client does not know is 0: an informer is not told the revision of a deletion.
    fileprivate func isAs(_ expected: Told) -> Bool {
        kind == expected.kind && path == expected.path && (revision == 0 || revision == expected.revision)
            && (fingerprint == 0 || fingerprint == expected.fingerprint)
    }
}
