internal import Linux

/// Keeps a second server from the file. A lock of its own, not SQLite's: those are held for each transaction only, so
/// that a backup can be read meanwhile.
enum StoreLock {
    static func take(_ path: String) throws(StoreOpenError) -> FileLock {
        do throws(SystemError) {
            // A while, for the server before this one may be about to end, and so may a child that was forked from it.
            return try FileLock(path + ".lock", mode: 0o600, timeoutMilliseconds: 500)
        } catch {
            if error.errno == .timedOut { throw StoreOpenError(.inUse, path, "another server uses it") }
            throw StoreOpenError(.unusable, path, "\(error)")
        }
    }
}
