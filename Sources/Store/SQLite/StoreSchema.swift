/// The tables of a store's file, and how to tell one from other files.
///
/// `revisions` has each write of the kept history, and the last one to each key however old it is; rows are only
/// appended and, by compaction, removed. `objects` says which of them the keys hold now. `store` has one row.
enum StoreSchema {
    /// Counts changes of the tables (`PRAGMA user_version`).
    static let version = 1
    /// "Popl", which file(1) can tell (`PRAGMA application_id`).
    static let applicationID = 0x506F_706C
    /// Of an empty store, as etcd's is.
    static let firstRevision: Revision = 1

    static let tables = """
        CREATE TABLE revisions (
          revision INTEGER PRIMARY KEY,
          key TEXT NOT NULL,
          created INTEGER NOT NULL,   -- the revision that made the key; 0 when this one deleted it
          previous INTEGER NOT NULL,  -- the key's revision before this one; 0 when there was none
          checksum INTEGER NOT NULL,  -- of the whole row
          value BLOB                  -- NULL when this revision deleted the key
        ) STRICT;
        CREATE TABLE objects (
          key TEXT PRIMARY KEY,
          revision INTEGER NOT NULL,
          created INTEGER NOT NULL,
          expires INTEGER             -- seconds since 1970; NULL when it stays
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX objects_by_expiry ON objects (expires) WHERE expires IS NOT NULL;
        CREATE TABLE store (
          compacted INTEGER NOT NULL  -- the history up to and including this revision is gone
        ) STRICT;
        INSERT INTO store VALUES (\(firstRevision));
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    /// Opens the file, makes the tables when it is new, and checks that it is ours and whole enough to be read.
    static func open(_ path: String) throws(StoreOpenError) -> SQLiteDatabase {
        do {
            try PrivateFile.make(path)
            let database = try SQLiteDatabase(path, .readWrite)
            try prepare(database)
            return database
        } catch let error as SQLiteError {
            throw StoreOpenError(error, path)
        } catch let error as StoreOpenError {
            throw error
        } catch {
            throw StoreOpenError(.unusable, path, "\(error)")
        }
    }

    private static func prepare(_ database: borrowing SQLiteDatabase) throws {
        // Readers (a backup) may hold it for a moment. The first read tells whether it is a database at all.
        try database.execute("PRAGMA busy_timeout = 5000", "configure")
        let isNew = try database.integer("SELECT count(*) FROM sqlite_schema", "read") == 0
        if isNew {
            try database.execute("PRAGMA auto_vacuum = INCREMENTAL", "configure")
        } else {
            try check(database)
        }
        try database.execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA journal_size_limit = \(16 << 20);
            PRAGMA temp_store = MEMORY;
            PRAGMA trusted_schema = OFF;
            PRAGMA cell_size_check = ON
            """, "configure")
        if isNew {
            try database.transaction("make the tables of") { () throws(SQLiteError) in
                try database.execute(tables, "make the tables of")
            }
        }
    }

    /// Throws when the file is not one that this program knows.
    static func check(_ database: borrowing SQLiteDatabase) throws {
        let id = try database.integer("PRAGMA application_id", "read")
        guard id == Int64(applicationID) else {
            throw StoreOpenError(.unknownFormat, database.path, "it is a database of another program")
        }
        let found = try database.integer("PRAGMA user_version", "read")
        guard found == version else {
            throw StoreOpenError(
                .unknownFormat, database.path,
                "its schema has version \(found), this program knows version \(version): "
                    + (found > version ? "use the newer Poplin that wrote it" : "it is older than the first release"))
        }
    }
}

extension StoreOpenError {
    init(_ damage: StoreLoad.Damage, _ path: String) {
        let reason = "revision \(damage.revision) is missing or not what was written: the file is damaged"
        self.init(.corrupt, path, reason + "; restore a backup")
    }

    init(_ error: SQLiteError, _ path: String) {
        if error.isCorrupt {
            let reason = "the file is damaged or no database (\(error.message)); restore a backup"
            self.init(.corrupt, path, reason)
        } else if error.isFull {
            self.init(.full, path, "no room on the disk")
        } else if error.isBusy {
            self.init(.inUse, path, "another program has locked it")
        } else {
            self.init(.unusable, path, error.message)
        }
    }
}
