internal import Linux

/// Keeps a second server from the file. A lock of its own, not SQLite's: those are held for each transaction only, so
/// that a backup can be read meanwhile.
enum StoreLock {
    static func take(_ path: String) throws(StoreOpenError) -> FileLock {
        do throws(SystemError) {
            return try FileLock(path + ".lock", mode: 0o600, timeoutMilliseconds: 0)
        } catch {
            if error.errno == .timedOut { throw StoreOpenError(.inUse, path, "another server uses it") }
            throw StoreOpenError(.unusable, path, "\(error)")
        }
    }
}
