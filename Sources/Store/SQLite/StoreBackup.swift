internal import Glibc
internal import Linux

/// Copies of a store's file: taken while a server runs, put back while none does.
package enum StoreBackup {
    /// What a copy has in it.
    package struct Report: Hashable, Sendable {
        package var objects: Int
        /// The store's revision in the copy; after a restore, the one that the server will begin with.
        package var revision: Revision
        package var bytes: Int64
    }

    /// Revisions that a restore skips: so many at least separate what clients have seen from what they will see.
    static let gap: Revision = 1_000_000

    /// Copies the store at one moment to the destination, which is replaced in one step once the copy is on the disk
    /// and has been read back. A server may be writing meanwhile.
    package static func back(up path: String, to destination: String) throws(StoreOpenError) -> Report {
        guard Files.exists(path) else { throw StoreOpenError(.unusable, path, "there is no such file") }
        return try naming(path) {
            let source = try SQLiteDatabase(path, .readWrite)
            try source.execute("PRAGMA busy_timeout = 5000", "configure")
            let partial = try copy(source, destination) { _ in }
            try put(partial, destination)
            return try report(destination)
        }
    }

    /// Puts a copy in the place of the store's file, which no server may be using. What was there is kept beside it
    /// with `.before-restore` in its name.
    ///
    /// The history is gone and the revision moves on by a million beyond that of both files, so that no client takes
    /// what it has seen since the backup for what is there now: its watches end as expired, and it lists anew.
    package static func restore(_ backup: String, to path: String) throws(StoreOpenError) -> Report {
        guard Files.exists(backup) else { throw StoreOpenError(.unusable, backup, "there is no such file") }
        let lock = try StoreLock.take(path)
        defer { withExtendedLifetime(lock) {} }
        return try naming(backup) {
            let source = try SQLiteDatabase(backup, .readWrite)
            try StoreSchema.check(source)
            let old = try StoreLoad.read(source, historyLimit: 0).snapshot.revision
            let next = max(old, revision(of: path)) + gap
            let partial = try copy(source, path) { copy in
                try copy.transaction("restore") { () throws(SQLiteError) in
                    try copy.execute(
                        """
                        DELETE FROM revisions WHERE revision NOT IN (SELECT revision FROM objects);
                        UPDATE store SET compacted = \(next)
                        """, "restore")
                }
            }
            try setAside(path)
            try put(partial, path)
            return try report(path)
        }
    }

    /// Copies to a file beside the destination, makes it one file without a log, and reads it back.
    private static func copy(
        _ source: borrowing SQLiteDatabase, _ destination: String, _ change: (borrowing SQLiteDatabase) throws -> Void
    ) throws -> String {
        let partial = destination + ".partial"
        for suffix in ["", "-journal", "-wal", "-shm"] { try Files.remove(partial + suffix) }
        do {
            try StoreSchema.check(source)
            try PrivateFile.make(partial)
            let copy = try SQLiteDatabase(partial, .readWrite)
            try source.copy(to: copy)
            try copy.execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL", "write to")
            try change(copy)
            _ = try StoreLoad.read(copy, historyLimit: 0)
        } catch {
            for suffix in ["", "-journal"] { try? Files.remove(partial + suffix) }
            throw error
        }
        return partial
    }

    /// Gives the finished copy its name, on the disk.
    private static func put(_ partial: String, _ destination: String) throws(SystemError) {
        let file = try FileDescriptor.open(partial, O_RDONLY)
        try check("sync", partial) { fsync(file.rawValue) }
        try check("rename", partial) { rename(partial, destination) }
        try PrivateFile.syncDirectory(of: destination)
    }

    /// Keeps what was there under another name; its log must be gone before another file has the name that it belongs
    /// to.
    private static func setAside(_ path: String) throws(SystemError) {
        let aside = path + ".before-restore"
        for suffix in ["", "-wal", "-shm"] { try Files.remove(aside + suffix) }
        try Files.remove(path + "-shm")
        if Files.exists(path + "-wal") {
            try check("rename", path + "-wal") { rename(path + "-wal", aside + "-wal") }
        }
        if Files.exists(path) { try check("link", path) { link(path, aside) } }
    }

    /// Of the file that is to be replaced, which may be damaged or absent.
    private static func revision(of path: String) -> Revision {
        guard Files.exists(path), let database = try? SQLiteDatabase(path, .readWrite) else { return 0 }
        let sql = "SELECT max((SELECT ifnull(max(revision), 0) FROM revisions), (SELECT compacted FROM store))"
        return (try? database.integer(sql, "read")) ?? 0
    }

    private static func report(_ path: String) throws -> Report {
        let snapshot = try StoreLoad.read(try SQLiteDatabase(path, .readOnly), historyLimit: 0).snapshot
        return Report(
            objects: snapshot.objects.count, revision: snapshot.revision, bytes: try FileStatus(path)?.size ?? 0)
    }

    private static func naming<Value>(_ path: String, _ body: () throws -> Value) throws(StoreOpenError) -> Value {
        do {
            return try body()
        } catch let error as StoreOpenError {
            throw error
        } catch let error as SQLiteError {
            throw StoreOpenError(error, error.path)
        } catch let damage as StoreLoad.Damage {
            throw StoreOpenError(damage, path)
        } catch {
            throw StoreOpenError(.unusable, path, "\(error)")
        }
    }
}
