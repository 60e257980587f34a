/// A row of the table `revisions`: one write to one key.
struct RevisionRow {
    var revision: Revision
    var key: String
    /// The revision that made the key; 0 when this one deleted it.
    var created: Revision
    /// The key's revision before this one; 0 when there was none.
    var previous: Revision
    /// nil when this revision deleted the key.
    var value: [UInt8]?

    /// Selects what `init` reads.
    static let select = "SELECT revision, key, created, previous, checksum, value FROM revisions"

    init(revision: Revision, key: String, created: Revision, previous: Revision, value: [UInt8]?) {
        self.revision = revision
        self.key = key
        self.created = created
        self.previous = previous
        self.value = value
    }

    /// nil when the row is not what was written; or, if the key is known, another key's. It is shared then.
    init?(_ row: borrowing SQLiteStatement, key known: String? = nil) {
        revision = row.integer(0)
        if let known {
            guard row.isText(1, known) else { return nil }
            key = known
        } else {
            key = row.text(1)
        }
        created = row.integer(2)
        previous = row.integer(3)
        value = row.bytes(5)
        guard row.integer(4) == checksum else { return nil }
    }

    /// Binds all of it, in the order of the columns.
    func bind(_ statement: borrowing SQLiteStatement) throws(SQLiteError) {
        try statement.bind(1, revision)
        try statement.bind(2, key)
        try statement.bind(3, created)
        try statement.bind(4, previous)
        try statement.bind(5, checksum)
        try statement.bind(6, value)
    }

    var change: StoreChange { StoreChange(key: key, revision: revision, createRevision: created, value: value) }

    /// Of key and value.
    var bytes: Int { key.utf8.count + (value?.count ?? 0) }

    private var checksum: Int64 { Checksum.of(revision, key, created: created, previous: previous, value) }
}
