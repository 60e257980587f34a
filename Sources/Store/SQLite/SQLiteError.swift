internal import CSQLite
internal import Glibc

/// What SQLite refused: doing what, to which file, and why.
struct SQLiteError: Error, Hashable, CustomStringConvertible {
    /// Extended result code (sqlite.org/rescode.html); its low byte is the primary one.
    var code: CInt
    var operation: String
    var path: String
    var message: String
    /// errno of the system call that failed, where SQLite tells it; else 0.
    var systemError: CInt = 0

    var description: String { "cannot \(operation) \(path): \(message)" }

    private var primary: CInt { code & 0xFF }

    /// Also of a quota, and of the index of the log, for which SQLite has other codes.
    var isFull: Bool {
        if primary == SQLITE_FULL { return true }
        return primary == SQLITE_IOERR && !isSyncFailure && (systemError == ENOSPC || systemError == EDQUOT)
    }
    /// The file has bytes that it should not have, or is no database.
    var isCorrupt: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }
    /// What was written may or may not be on the disk, and the kernel will not tell again: the file must be opened
    /// anew.
    var isSyncFailure: Bool {
        // SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC, whose macros Swift does not import.
        code == SQLITE_IOERR | 4 << 8 || code == SQLITE_IOERR | 5 << 8
    }
    var isBusy: Bool { primary == SQLITE_BUSY || primary == SQLITE_LOCKED }
}
