/// Reads a whole store, once, at its start.
struct StoreLoad {
    var snapshot: StoreSnapshot
    /// The last revision whose history is gone.
    var compacted: Revision
    /// Bytes of keys and values in the history that is kept, also of what the snapshot does not tell.
    var historyBytes = 0

    /// A file whose parts do not fit together.
    struct Damage: Error {
        var reason: String
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
    private mutating func readHistory(_ database: borrowing SQLiteDatabase, _ limit: Int) throws -> [Revision: [UInt8]]
    {
        let first = try firstOfHistory(database, limit)
        let rows = try database.prepare(
            """
            SELECT revision, key, created, previous, checksum, value
            FROM revisions WHERE revision >= ?1 ORDER BY revision
            """, "read")
        let old = try database.prepare(
            "SELECT value, checksum, created FROM revisions WHERE revision = ?1", "read")
        var values: [Revision: [UInt8]] = [:]
        var history: [PastChange] = []
        try rows.bind(1, first)
        while try rows.step() {
            let (revision, key) = (rows.integer(0), rows.text(1))
            let value = try Self.value(rows, 5, checksum: 4, key, revision)
            values[revision] = value
            let change = StoreChange(key: key, revision: revision, createRevision: rows.integer(2), value: value)
            history.append(PastChange(change: change, previous: nil))
            let previous = rows.integer(3)
            if previous == 0 { continue }
            try old.bind(1, previous)
            guard try old.step() else { throw Damage(reason: "revision \(previous) of \(key) is missing") }
            defer { old.reset() }
            guard let value = try values[previous] ?? Self.value(old, 0, checksum: 1, key, previous) else {
                throw Damage(reason: "revision \(revision) of \(key) follows a deletion")
            }
            history[history.count - 1].previous = StoredObject(
                key: key, value: value, createRevision: old.integer(2), modRevision: previous)
        }
        snapshot.history = history
        return values
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
            if revision != expected { throw Damage(reason: "revision \(expected) is missing") }
            expected -= 1
            historyBytes += Int(sizes.integer(1))
            if historyBytes <= limit { first = revision }
        }
        if expected != compacted { throw Damage(reason: "revision \(expected) is missing") }
        return first
    }

    private mutating func readObjects(_ database: borrowing SQLiteDatabase, _ values: [Revision: [UInt8]]) throws {
        let rows = try database.prepare(
            """
            SELECT o.key, o.revision, o.created, r.checksum, r.value
            FROM objects o LEFT JOIN revisions r ON r.revision = o.revision AND r.key = o.key ORDER BY o.key
            """, "read")
        snapshot.objects.reserveCapacity(Int(try database.integer("SELECT count(*) FROM objects", "read")))
        while try rows.step() {
            let (key, revision) = (rows.text(0), rows.integer(1))
            guard let value = try values[revision] ?? Self.value(rows, 4, checksum: 3, key, revision) else {
                throw Damage(reason: "revision \(revision) of \(key) is missing")
            }
            snapshot.objects.append(
                StoredObject(key: key, value: value, createRevision: rows.integer(2), modRevision: revision))
        }
    }

    private static func value(
        _ row: borrowing SQLiteStatement, _ column: CInt, checksum: CInt, _ key: String, _ revision: Revision
    ) throws -> [UInt8]? {
        guard let value = row.bytes(column) else { return nil }
        guard Checksum.of(value) == row.integer(checksum) else {
            throw Damage(reason: "the value of \(key) at revision \(revision) is not what was written")
        }
        return value
    }
}
