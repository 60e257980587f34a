internal import CSQLite

/// An open database file, used by one thread at a time; closed at the end of its life.
struct SQLiteDatabase: ~Copyable {
    enum Mode { case readOnly, readWrite, create }

    let path: String
    private let handle: OpaquePointer
    /// Frames in the write-ahead log after the last commit, written by SQLite's hook.
    private let framesInLog: UnsafeMutablePointer<CInt>

    init(_ path: String, _ mode: Mode) throws(SQLiteError) {
        let flags =
            switch mode {
            case .readOnly: SQLITE_OPEN_READONLY
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        var handle: OpaquePointer?
        // One thread at a time: SQLite need not lock for itself.
        let code = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let handle, code == SQLITE_OK else {
            let message = String(cString: handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
            let systemError = handle.map { sqlite3_system_errno($0) } ?? 0
            sqlite3_close_v2(handle)
            throw SQLiteError(
                code: code, operation: "open", path: path, message: message, systemError: systemError)
        }
        self.path = path
        self.handle = handle
        framesInLog = .allocate(capacity: 1)
        framesInLog.initialize(to: 0)
        // In the place of SQLite's own hook, which checkpoints by itself.
        sqlite3_wal_hook(handle, noteFrames, framesInLog)
    }

    deinit {
        // After the last statement, whichever is let go first.
        sqlite3_close_v2(handle)
        framesInLog.deallocate()
    }

    /// Runs statements that give nothing, separated by semicolons.
    func execute(_ sql: String, _ operation: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw error(operation, code) }
    }

    func prepare(_ sql: String, _ operation: String) throws(SQLiteError) -> SQLiteStatement {
        try SQLiteStatement(handle, sql, operation, path)
    }

    /// The first column of the first row, 0 when there is none or it is NULL.
    func integer(_ sql: String, _ operation: String) throws(SQLiteError) -> Int64 {
        let statement = try prepare(sql, operation)
        return try statement.step() ? statement.integer(0) : 0
    }

    func text(_ sql: String, _ operation: String) throws(SQLiteError) -> String {
        let statement = try prepare(sql, operation)
        return try statement.step() ? statement.text(0) : ""
    }

    /// Runs the body between BEGIN and COMMIT; when anything fails, nothing was done.
    func transaction<Value>(_ operation: String, _ body: () throws(SQLiteError) -> Value) throws(SQLiteError) -> Value {
        try execute("BEGIN IMMEDIATE", operation)
        do throws(SQLiteError) {
            let value = try body()
            try execute("COMMIT", operation)
            return value
        } catch {
            // Some failures have rolled back already.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    /// Pages in the write-ahead log that may not be in the file yet.
    var logLength: Int { Int(framesInLog.pointee) }

    /// Writes the log's pages into the file, so that the log begins anew; readers may keep it from doing all.
    func checkpoint() throws(SQLiteError) {
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        if code != SQLITE_OK { throw error("checkpoint", code) }
        framesInLog.pointee = 0
    }

    /// Copies all of it, as it is at one moment, over what the other one has. Writers go on meanwhile.
    func copy(to other: borrowing SQLiteDatabase) throws(SQLiteError) {
        guard let backup = sqlite3_backup_init(other.handle, "main", handle, "main") else {
            throw other.error("copy to", sqlite3_extended_errcode(other.handle))
        }
        let code = sqlite3_backup_step(backup, -1)
        sqlite3_backup_finish(backup)
        if code != SQLITE_DONE {
            throw SQLiteError(
                code: code, operation: "copy \(path) to", path: other.path,
                message: String(cString: sqlite3_errstr(code)))
        }
    }

    private func error(_ operation: String, _ code: CInt) -> SQLiteError {
        SQLiteError(
            code: code, operation: operation, path: path, message: String(cString: sqlite3_errmsg(handle)),
            systemError: sqlite3_system_errno(handle))
    }
}

/// Called by SQLite after each commit.
private func noteFrames(
    _ context: UnsafeMutableRawPointer?, _: OpaquePointer?, _: UnsafePointer<CChar>?, _ frames: CInt
) -> CInt {
    context?.assumingMemoryBound(to: CInt.self).pointee = frames
    return SQLITE_OK
}
