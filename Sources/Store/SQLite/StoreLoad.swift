/// Reads a whole store, once, at its start.
struct StoreLoad {
    var snapshot: StoreSnapshot
    /// The last revision whose history is gone.
    var compacted: Revision
    /// Bytes of keys and values in the history that is kept, also of what the snapshot does not tell.
    var historyBytes = 0

    /// A file whose parts do not fit together.
    struct Damage: Error {
        /// The one that is missing, or not what was written.
        var revision: Revision
    }

    /// Throws `SQLiteError` or `Damage`. Of the history it tells at most `historyLimit` bytes of values.
    static func read(_ database: borrowing SQLiteDatabase, historyLimit: Int) throws -> StoreLoad {
        // One transaction, so that all is of one moment.
        try database.execute("BEGIN", "read")
        defer { try? database.execute("COMMIT", "read") }
        let compacted = try database.integer("SELECT compacted FROM store", "read")
        let newest = try database.integer("SELECT max(revision) FROM revisions", "read")
        let snapshot = StoreSnapshot(objects: [], revision: max(compacted, newest))
        var load = StoreLoad(snapshot: snapshot, compacted: compacted)
        let values = try load.readHistory(database, historyLimit)
        try load.readObjects(database, values)
        return load
    }

    /// Reads the changes after the last compaction. Gives their values by revision, so that objects share them.
    private mutating func readHistory(_ database: borrowing SQLiteDatabase, _ limit: Int) throws -> [Revision:
        RevisionRow]
    {
        let first = try firstOfHistory(database, limit)
        let statement = try database.prepare("\(RevisionRow.select) WHERE revision >= ?1 ORDER BY revision", "read")
        let old = try database.prepare("\(RevisionRow.select) WHERE revision = ?1", "read")
        var rows: [Revision: RevisionRow] = [:]
        try statement.bind(1, first)
        while try statement.step() {
            guard let row = RevisionRow(statement) else { throw Damage(revision: statement.integer(0)) }
            rows[row.revision] = row
            var past = PastChange(change: row.change, previous: nil)
            if row.previous > 0 {
                var previous = rows[row.previous]
                if previous == nil {
                    try old.bind(1, row.previous)
                    if try old.step() { previous = RevisionRow(old) }
                    old.reset()
                }
                guard let object = previous?.change.object, object.key == row.key else {
                    throw Damage(revision: row.previous)
                }
                past.previous = object
            }
            snapshot.history.append(past)
        }
        return rows
    }

    /// The oldest revision to tell; counts all that are kept, and finds gaps among them.
    private mutating func firstOfHistory(_ database: borrowing SQLiteDatabase, _ limit: Int) throws -> Revision {
        let sizes = try database.prepare(
            """
            SELECT revision, length(CAST(key AS BLOB)) + ifnull(length(value), 0) FROM revisions
            WHERE revision > ?1 ORDER BY revision DESC
            """, "read")
        try sizes.bind(1, compacted)
        var first = snapshot.revision + 1
        var expected = snapshot.revision
        while try sizes.step() {
            let revision = sizes.integer(0)
            if revision != expected { throw Damage(revision: expected) }
            expected -= 1
            historyBytes += Int(sizes.integer(1))
            if historyBytes <= limit { first = revision }
        }
        if expected != compacted { throw Damage(revision: expected) }
        return first
    }

    private mutating func readObjects(_ database: borrowing SQLiteDatabase, _ rows: [Revision: RevisionRow]) throws {
        let statement = try database.prepare(
            """
            SELECT o.revision, o.key, o.created, r.previous, r.checksum, r.value
            FROM objects o LEFT JOIN revisions r ON r.revision = o.revision ORDER BY o.key
            """, "read")
        snapshot.objects.reserveCapacity(Int(try database.integer("SELECT count(*) FROM objects", "read")))
        while try statement.step() {
            let revision = statement.integer(0)
            // The one that the history has told shares its bytes.
            guard let row = rows[revision] ?? RevisionRow(statement), let object = row.change.object,
                row.key == statement.text(1), row.created == statement.integer(2)
            else { throw Damage(revision: revision) }
            snapshot.objects.append(object)
        }
    }
}
