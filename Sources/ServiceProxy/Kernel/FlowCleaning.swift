internal import Linux
internal import NFTables
package import NetTypes

/// Connections to endpoints that are gone, forgotten: how many, and how long that took.
package struct FlowCleaning: Sendable {
    package fileprivate(set) var deleted: [IPFamily: Int] = [:]
    package fileprivate(set) var duration = Duration.zero
}

extension Conntrack {
    /// Forgets all that one of the filters matches.
    mutating func clean(_ filters: [ConntrackFilter]) throws(NFTError) -> FlowCleaning {
        let begin = MonotonicTime.now
        var cleaning = FlowCleaning()
        for family in IPFamily.allCases {
            cleaning.deleted[family] = try delete(matching: filters.filter { $0.family == family })
        }
        cleaning.duration = .now - begin
        return cleaning
    }

    /// Forgets the datagrams of connections that somebody else has made, or nobody: what came for a Service and goes on to
    /// what does not serve it.
    mutating func clean(strangersTo planner: some FrontServing) throws(NFTError) -> FlowCleaning {
        let begin = MonotonicTime.now
        var cleaning = FlowCleaning()
        for family in IPFamily.allCases where planner.hasDatagrams(family) {
            cleaning.deleted[family] = try delete(matching: ConntrackFilter(family, .udp)) { planner.isStrange($0) }
        }
        cleaning.duration = .now - begin
        return cleaning
    }
}
