internal import CSQLite
internal import Glibc

/// A prepared statement; finalised at the end of its life.
///
/// Use: bind, `step` until it says no more (or `reset`), bind again.
struct SQLiteStatement: ~Copyable {
    private let handle: OpaquePointer
    private let operation: String
    private let path: String

    init(_ database: OpaquePointer, _ sql: String, _ operation: String, _ path: String) throws(SQLiteError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard let handle, code == SQLITE_OK else {
            let message = String(cString: sqlite3_errmsg(database))
            throw SQLiteError(code: code, operation: operation, path: path, message: message)
        }
        self.handle = handle
        self.operation = operation
        self.path = path
    }

    deinit { sqlite3_finalize(handle) }

    /// Parameters are counted from 1. A bind can only fail for lack of memory or a wrong index; `step` then gives a
    /// result that is none, so the code is kept.
    func bind(_ index: CInt, _ value: Int64) throws(SQLiteError) {
        try check(sqlite3_bind_int64(handle, index, value))
    }

    func bind(_ index: CInt, _ value: Int64?) throws(SQLiteError) {
        try check(value.map { sqlite3_bind_int64(handle, index, $0) } ?? sqlite3_bind_null(handle, index))
    }

    func bind(_ index: CInt, _ text: String) throws(SQLiteError) {
        var text = text
        try check(text.withUTF8 { poplin_sqlite_bind_text(handle, index, $0.baseAddress, CInt($0.count)) })
    }

    func bind(_ index: CInt, _ bytes: [UInt8]?) throws(SQLiteError) {
        guard let bytes else { return try check(sqlite3_bind_null(handle, index)) }
        try check(bytes.withUnsafeBytes { poplin_sqlite_bind_blob(handle, index, $0.baseAddress, CInt($0.count)) })
    }

    /// Whether there is a row. After the last one the statement can be bound and run again.
    func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        let database = sqlite3_db_handle(handle)
        let message = code == SQLITE_DONE ? "" : String(cString: sqlite3_errmsg(database))
        sqlite3_reset(handle)
        if code == SQLITE_DONE { return false }
        throw SQLiteError(
            code: code, operation: operation, path: path, message: message,
            systemError: sqlite3_system_errno(database))
    }

    /// Runs a statement of which no rows are wanted.
    func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Gives up the rows that are left.
    func reset() { sqlite3_reset(handle) }

    // Columns of the row that the last step has found, counted from 0.

    func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: CInt) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func text(_ column: CInt) -> String {
        guard let bytes = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Whether the column has this text.
    func isText(_ column: CInt, _ text: String) -> Bool {
        guard let bytes = sqlite3_column_text(handle, column) else { return false }
        let count = Int(sqlite3_column_bytes(handle, column))
        var text = text
        return text.withUTF8 { text in
            guard text.count == count, let start = text.baseAddress else { return text.count == count }
            return memcmp(start, bytes, count) == 0
        }
    }

    /// nil for NULL.
    func bytes(_ column: CInt) -> [UInt8]? {
        if isNull(column) { return nil }
        guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// An error that says that the file is damaged.
    func corrupt(_ message: String) -> SQLiteError {
        SQLiteError(code: SQLITE_CORRUPT, operation: operation, path: path, message: message)
    }

    private func check(_ code: CInt) throws(SQLiteError) {
        if code == SQLITE_OK { return }
        throw SQLiteError(
            code: code, operation: operation, path: path, message: String(cString: sqlite3_errstr(code)))
    }
}
