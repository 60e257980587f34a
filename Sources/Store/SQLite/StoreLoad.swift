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
        let keys = try Key.all(database)
        let told = try load.readRows(database, keys, historyLimit)
        let statement = try database.prepare("\(RevisionRow.select) WHERE revision = ?1", "read")
        load.snapshot.history.reserveCapacity(told.count)
        for row in told { load.snapshot.history.append(try past(row, told, statement)) }
        return load
    }

    /// What a key holds, but for the value.
    private struct Key {
        var name: String
        var revision: Revision
        var created: Revision

        /// Sorted by their bytes.
        static func all(_ database: borrowing SQLiteDatabase) throws -> [Key] {
            let statement = try database.prepare("SELECT key, revision, created FROM objects ORDER BY key", "read")
            var keys: [Key] = []
            keys.reserveCapacity(Int(try database.integer("SELECT count(*) FROM objects", "read")))
            while try statement.step() {
                keys.append(
                    Key(name: statement.text(0), revision: statement.integer(1), created: statement.integer(2)))
            }
            return keys
        }
    }

    /// Reads all rows in their order, which is how they lie in the file; to find each key's own would take a search each.
    /// Gives those of the history that is told.
    private mutating func readRows(_ database: borrowing SQLiteDatabase, _ keys: [Key], _ limit: Int) throws
        -> ArraySlice<RevisionRow>
    {
        let statement = try database.prepare("\(RevisionRow.select) ORDER BY revision", "read")
        let order = keys.indices.sorted { keys[$0].revision < keys[$1].revision }
        var values = [StoredObject?](repeating: nil, count: keys.count)
        var told: [RevisionRow] = []
        var (first, toldBytes) = (0, 0)
        var next = 0
        var expected = compacted + 1
        while try statement.step() {
            let revision = statement.integer(0)
            let isPast = revision > compacted
            if isPast, revision != expected { throw Damage(revision: expected) }
            if isPast { expected += 1 }
            let index = next < order.count ? order[next] : nil
            guard let index, keys[index].revision == revision else {
                if let index, keys[index].revision < revision { throw Damage(revision: keys[index].revision) }
                // A value that was replaced matters only to the history.
                if isPast { try tell(RevisionRow(statement)) }
                continue
            }
            next += 1
            guard let row = RevisionRow(statement, key: keys[index].name), row.created == keys[index].created,
                let object = row.change.object
            else { throw Damage(revision: revision) }
            values[index] = object
            if isPast { try tell(row) }
        }
        if expected <= snapshot.revision { throw Damage(revision: expected) }
        if next < order.count { throw Damage(revision: keys[order[next]].revision) }
        snapshot.objects = values.compactMap { $0 }
        return told[first...]

        func tell(_ row: RevisionRow?) throws {
            guard let row else { throw Damage(revision: expected - 1) }
            historyBytes += row.bytes
            toldBytes += row.bytes
            told.append(row)
            while toldBytes > limit {
                toldBytes -= told[first].bytes
                first += 1
            }
            // What is too old to be told is let go in halves: each row is moved once on average.
            if first > 64, first > told.count / 2 {
                told.removeSubrange(..<first)
                first = 0
            }
        }
    }

    /// A row of the history with what was there before, which is told too or is read by the statement.
    private static func past(
        _ row: RevisionRow, _ told: ArraySlice<RevisionRow>, _ statement: borrowing SQLiteStatement
    ) throws -> PastChange {
        guard row.previous > 0 else { return PastChange(change: row.change, previous: nil) }
        var previous: RevisionRow?
        if let first = told.first, (first.revision..<row.revision).contains(row.previous) {
            // No revision is left out.
            previous = told[told.startIndex + Int(row.previous - first.revision)]
        } else {
            try statement.bind(1, row.previous)
            if try statement.step() { previous = RevisionRow(statement) }
            statement.reset()
        }
        guard let object = previous?.change.object, object.key == row.key else { throw Damage(revision: row.previous) }
        return PastChange(change: row.change, previous: object)
    }
}
