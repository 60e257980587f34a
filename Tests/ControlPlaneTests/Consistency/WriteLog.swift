import Store
import Synchronization

/// What one writer has asked for, and what came of it.
struct Operation: Sendable {
    enum Effect: Sendable {
        /// The object with the marker in it.
        case write
        /// The object is gone.
        case deletion
        /// The object waits for its finalizers.
        case mark
    }

    enum Outcome: Sendable {
        /// With the revision that the answer gave; the answer to a deletion has none.
        case acknowledged(Revision?)
        /// Certainly not made.
        case refused
        case unknown
    }

    var key: String
    var marker: String
    var effect: Effect
    var outcome: Outcome
    /// The newest acknowledged revision when it began.
    var began: Revision
}

/// The newest revision that any writer has been told of.
final class Acknowledged: Sendable {
    private let revision = Atomic<Revision>(0)

    func note(_ newer: Revision) {
        var current = revision.load(ordering: .relaxed)
        while newer > current {
            let (exchanged, original) = revision.compareExchange(
                expected: current, desired: newer, ordering: .acquiringAndReleasing)
            if exchanged { return }
            current = original
        }
    }

    var newest: Revision { revision.load(ordering: .acquiring) }
}

enum WriteLog {
    /// What does not fit: an acknowledged write that is not there or is another, one that was made by halves or twice, or
    /// that nobody has asked for. Each key has one writer, who made the operations one after the other.
    static func problems(_ operations: [Operation], _ history: History, isOurs: (String) -> Bool) -> [String] {
        var problems: [String] = []
        var changes = Dictionary(grouping: history.changes.filter { isOurs($0.key) }, by: \.key)
        for (key, operations) in Dictionary(grouping: operations, by: \.key) {
            var rest = (changes.removeValue(forKey: key) ?? [])[...]
            var last: Revision = 0
            for operation in operations {
                let fits = rest.first.map { operation.fits($0) } ?? false
                switch operation.outcome {
                case .refused: continue
                case .unknown: if !fits { continue }
                case .acknowledged(let revision):
                    // A change that changes nothing leaves the revision as it was.
                    if let revision, revision == last { continue }
                    guard fits, revision == nil || rest.first?.revision == revision else {
                        let found = rest.first.map { "revision \($0.revision)" } ?? "nothing"
                        problems.append("\(key): \(operation) was acknowledged, and there is \(found)")
                        continue
                    }
                    if let revision, revision <= operation.began {
                        problems.append("\(key): \(operation) has an older revision than one before it")
                    }
                }
                last = rest.removeFirst().revision
            }
            if let first = rest.first { problems.append("\(key): nobody has asked for revision \(first.revision)") }
        }
        // Of a creation without an answer it is not known which name the server has made of the key.
        let generated = operations.filter {
            if case .unknown = $0.outcome { $0.effect == .write && $0.key.hasSuffix("-") } else { false }
        }
        for (key, changes) in changes {
            if changes.count == 1, generated.contains(where: { key.hasPrefix($0.key) && $0.fits(changes[0]) }) {
                continue
            }
            problems.append("\(key): nobody has asked for \(changes.count) writes")
        }
        return problems
    }
}

extension Operation {
    fileprivate func fits(_ change: History.Change) -> Bool {
        let word: String
        switch effect {
        case .deletion: return change.after == nil
        case .write: word = "\"\(marker)\""
        case .mark: word = "\"deletionTimestamp\""
        }
        guard let after = change.after else { return false }
        return contains(after.bytes, word) && !(change.before.map { contains($0.bytes, word) } ?? false)
    }

    private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(word)
    }
}
