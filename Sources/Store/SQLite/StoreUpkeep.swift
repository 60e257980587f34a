internal import Linux

/// Keeps the file and its log small: compaction in slices, free pages given back, checkpoints.
final class StoreUpkeep {
    private let options: SQLiteOptions
    private let removeReplaced: SQLiteStatement
    private let removeDeletions: SQLiteStatement
    private let move: SQLiteStatement
    private var plan: CompactionPlan
    private var compacted: Revision
    private var target: Revision = 0
    private var hasFreePages = true

    init(_ database: borrowing SQLiteDatabase, _ load: StoreLoad, _ options: SQLiteOptions) throws(SQLiteError) {
        self.options = options
        removeReplaced = try database.prepare(
            """
            DELETE FROM revisions WHERE revision IN
              (SELECT previous FROM revisions WHERE revision > ?1 AND revision <= ?2 AND previous > 0)
            """, "compact")
        removeDeletions = try database.prepare(
            "DELETE FROM revisions WHERE revision > ?1 AND revision <= ?2 AND created = 0", "compact")
        move = try database.prepare("UPDATE store SET compacted = ?1", "compact")
        compacted = load.compacted
        plan = CompactionPlan(
            age: options.historyAge, bytes: options.historyBytes, historyBytes: load.historyBytes,
            revision: load.snapshot.revision, now: .now)
    }

    var nextTime: MonotonicTime? { plan.nextTime }

    func note(_ changes: [StoreChange], at revision: Revision) {
        let bytes = changes.reduce(0) { $0 + $1.key.utf8.count + ($1.value?.count ?? 0) }
        plan.advance(to: revision, bytes: bytes, now: .now)
    }

    func order(through revision: Revision) { plan.order(through: revision) }

    /// Forgets one slice of what is due. Whether there is more.
    func compact(_ database: borrowing SQLiteDatabase) throws(SQLiteError) -> Bool {
        target = max(target, plan.target(now: .now))
        guard target > compacted else { return try giveBack(database) }
        let end = min(target, compacted + Revision(options.compactionSlice))
        try database.transaction("compact") { () throws(SQLiteError) in
            // A row that another one has replaced is needed as long as the change from one to the other can be told.
            try removeReplaced.bind(1, compacted)
            try removeReplaced.bind(2, end)
            try removeReplaced.run()
            try removeDeletions.bind(1, compacted)
            try removeDeletions.bind(2, end)
            try removeDeletions.run()
            try move.bind(1, end)
            try move.run()
        }
        compacted = end
        hasFreePages = true
        return true
    }

    /// Free pages are used again by what is written next; what is more than a quarter of the file goes back to the
    /// disk.
    private func giveBack(_ database: borrowing SQLiteDatabase) throws(SQLiteError) -> Bool {
        guard hasFreePages else { return false }
        let free = try database.integer("PRAGMA freelist_count", "compact")
        let pages = try database.integer("PRAGMA page_count", "compact")
        hasFreePages = free > max(1000, pages / 4)
        if hasFreePages { try database.execute("PRAGMA incremental_vacuum(\(min(free, 500)))", "compact") }
        return hasFreePages
    }

    func checkpoint(_ database: borrowing SQLiteDatabase, isIdle: Bool) throws(SQLiteError) {
        if database.logLength >= (isIdle ? options.idleCheckpoint : options.busyCheckpoint) {
            try database.checkpoint()
        }
    }
}
