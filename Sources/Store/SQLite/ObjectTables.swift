/// The statements on a store's tables: one change at a time, inside of the caller's transaction.
final class ObjectTables {
    private let find: SQLiteStatement
    private let read: SQLiteStatement
    private let append: SQLiteStatement
    private let put: SQLiteStatement
    private let remove: SQLiteStatement
    private let due: SQLiteStatement
    private let firstExpiry: SQLiteStatement

    /// What is known of a key without its value.
    struct Entry {
        var revision: Revision
        var created: Revision
    }

    init(_ database: borrowing SQLiteDatabase) throws(SQLiteError) {
        find = try database.prepare("SELECT revision, created FROM objects WHERE key = ?1", "read")
        read = try database.prepare("\(RevisionRow.select) WHERE revision = ?1", "read")
        append = try database.prepare("INSERT INTO revisions VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "write to")
        put = try database.prepare(
            """
            INSERT INTO objects VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (key) DO UPDATE SET revision = ?2, expires = ?4
            """, "write to")
        remove = try database.prepare("DELETE FROM objects WHERE key = ?1", "write to")
        due = try database.prepare(
            "SELECT key FROM objects WHERE expires <= ?1 ORDER BY expires LIMIT ?2", "read")
        firstExpiry = try database.prepare("SELECT min(expires) FROM objects WHERE expires IS NOT NULL", "read")
    }

    func entry(_ key: String) throws(SQLiteError) -> Entry? {
        try find.bind(1, key)
        guard try find.step() else { return nil }
        defer { find.reset() }
        return Entry(revision: find.integer(0), created: find.integer(1))
    }

    /// What the key holds, of which the entry is known.
    func object(_ key: String, _ entry: Entry) throws(SQLiteError) -> StoredObject {
        try read.bind(1, entry.revision)
        defer { read.reset() }
        guard try read.step(), let row = RevisionRow(read), row.key == key, let value = row.value else {
            throw read.corrupt("revision \(entry.revision) of \(key) is not what was written")
        }
        return StoredObject(key: key, value: value, createRevision: row.created, modRevision: row.revision)
    }

    /// Gives the key its new value, or none, at the revision; `old` is what it was.
    func write(_ write: ObjectWrite, over old: Entry?, at revision: Revision, expires: Int64?) throws(SQLiteError)
        -> StoreChange
    {
        let created = write.value == nil ? 0 : old?.created ?? revision
        let row = RevisionRow(
            revision: revision, key: write.key, created: created, previous: old?.revision ?? 0, value: write.value)
        try row.bind(append)
        try append.run()
        if write.value != nil {
            try put.bind(1, write.key)
            try put.bind(2, revision)
            try put.bind(3, created)
            try put.bind(4, expires)
            try put.run()
        } else {
            try remove.bind(1, write.key)
            try remove.run()
        }
        return StoreChange(key: write.key, revision: revision, createRevision: created, value: write.value)
    }

    /// Keys whose time has come, the oldest first.
    func expired(at time: Int64, limit: Int) throws(SQLiteError) -> [String] {
        try due.bind(1, time)
        try due.bind(2, Int64(limit))
        var keys: [String] = []
        while try due.step() { keys.append(due.text(0)) }
        return keys
    }

    /// When the next key expires; nil when none does.
    func nextExpiry() throws(SQLiteError) -> Int64? {
        guard try firstExpiry.step() else { return nil }
        defer { firstExpiry.reset() }
        return firstExpiry.isNull(0) ? nil : firstExpiry.integer(0)
    }
}
