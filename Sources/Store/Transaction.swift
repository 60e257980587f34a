/// Compare, then write: if all comparisons hold the `success` operations run, else those of `failure`.
package struct Transaction: Hashable, Sendable {
    package var comparisons: [Comparison]
    package var success: [Operation]
    package var failure: [Operation]

    package init(if comparisons: [Comparison], then success: [Operation], else failure: [Operation] = []) {
        self.comparisons = comparisons
        self.success = success
        self.failure = failure
    }

    package struct Comparison: Hashable, Sendable {
        package enum Target: Hashable, Sendable {
            /// 0 for a key that is not there.
            case version(Int64)
            case createRevision(Revision)
            case modRevision(Revision)
        }

        package enum Relation: Hashable, Sendable { case equal, notEqual, greater, less }

        package var key: String
        package var relation: Relation
        package var target: Target

        package init(_ key: String, _ relation: Relation, _ target: Target) {
            self.key = key
            self.relation = relation
            self.target = target
        }

        package static func isAbsent(_ key: String) -> Comparison { Comparison(key, .equal, .version(0)) }
        package static func isUnchanged(_ key: String, since revision: Revision) -> Comparison {
            Comparison(key, .equal, .modRevision(revision))
        }
    }

    package enum Operation: Hashable, Sendable {
        case put(String, [UInt8], lease: LeaseID?)
        case delete(KeyRange)
        case range(KeyRange)
    }
}

package struct TransactionResult: Hashable, Sendable {
    /// Whether the comparisons held.
    package var succeeded: Bool
    package var revision: Revision
    /// One for each operation that ran, in their order.
    package var outcomes: [Outcome]

    package enum Outcome: Hashable, Sendable {
        case put
        case deleted(Int)
        case range([KeyValue])
    }

    package init(succeeded: Bool, revision: Revision, outcomes: [Outcome]) {
        self.succeeded = succeeded
        self.revision = revision
        self.outcomes = outcomes
    }
}
