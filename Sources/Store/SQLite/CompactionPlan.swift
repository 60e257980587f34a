internal import Linux

/// Decides how far the history is to be forgotten: marks of when the store was at which revision, and how much was
/// written until then.
struct CompactionPlan {
    private struct Mark {
        var time: MonotonicTime
        var revision: Revision
        /// Bytes written since the beginning.
        var bytes: Int
    }

    private let age: Duration
    private let limit: Int
    private var marks: [Mark] = []
    /// Since the beginning: written, and forgotten.
    private var written: Int
    private var forgotten = 0
    /// What somebody has asked for.
    private var ordered: Revision = 0

    init(age: Duration, bytes limit: Int, historyBytes: Int, revision: Revision, now: MonotonicTime) {
        self.age = age
        self.limit = limit
        written = historyBytes
        marks = [Mark(time: now, revision: revision, bytes: historyBytes)]
    }

    /// Notes that the store has come to this revision with so many bytes more.
    mutating func advance(to revision: Revision, bytes: Int, now: MonotonicTime) {
        written += bytes
        let mark = Mark(time: now, revision: revision, bytes: written)
        // A mark is enough for each thirtieth of the age or of the size; until there is another one the last one moves.
        if let before = marks.dropLast().last, now - before.time < age / 30, written - before.bytes < limit / 32 {
            marks[marks.count - 1] = mark
        } else {
            marks.append(mark)
        }
    }

    mutating func order(through revision: Revision) { ordered = max(ordered, revision) }

    /// The revision that is to be forgotten, with all before it; 0 when nothing is.
    mutating func target(now: MonotonicTime) -> Revision {
        var target = ordered
        var count = 0
        for mark in marks {
            guard now - mark.time >= age || written - forgotten > limit else { break }
            target = max(target, mark.revision)
            forgotten = mark.bytes
            count += 1
        }
        marks.removeFirst(count)
        return target
    }

    /// When the oldest mark comes of age.
    var nextTime: MonotonicTime? { marks.first.map { $0.time + age } }
}
