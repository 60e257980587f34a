internal import CLinux
internal import Glibc

/// Whole files, by path: read, replace in one step, list, remove.
package enum Files {
    package static func read(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        do {
            return try FileDescriptor.open(path, O_RDONLY).readAll(limit: limit)
        } catch {
            throw SystemError("read", path, error.errno)
        }
    }

    /// The file's text, with bytes that are not UTF-8 replaced.
    package static func readText(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// Overwrites an existing file in place: for /proc and /sys, where a rename is not possible.
    package static func write(_ path: String, _ text: String) throws(SystemError) {
        do {
            try FileDescriptor.open(path, O_WRONLY | O_TRUNC).writeAll(text.utf8)
        } catch {
            throw SystemError("write", path, error.errno)
        }
    }

    /// Replaces the file in one step (temporary file beside it, then rename), so that no reader sees half of it.
    /// With `sync` the bytes are on the disk before the new name is.
    package static func replace(
        _ path: String, _ bytes: some Collection<UInt8>, mode: UInt32 = 0o600, sync: Bool = false
    )
        throws(SystemError)
    {
        let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
        do {
            let file = try FileDescriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            try file.writeAll(bytes)
            // The mode is what the caller says, whatever the umask.
            try check("set the mode of", temporary) { fchmod(file.rawValue, mode) }
            if sync { try check("sync", temporary) { fsync(file.rawValue) } }
            try check("rename", temporary) { rename(temporary, path) }
        } catch {
            _ = unlink(temporary)
            throw SystemError("write", path, error.errno)
        }
    }

    /// Writes the file in place, and makes it if it is absent. A crash can leave a part of it, but nothing beside it: for
    /// files whose reader takes a part for nothing. When it fails there is no file.
    package static func store(_ path: String, _ bytes: some Collection<UInt8>, mode: UInt32 = 0o600)
        throws(SystemError)
    {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        do { try file.writeAll(bytes) } catch {
            _ = unlink(path)
            throw SystemError("write", path, error.errno)
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// Removes a file; one that is absent is no error.
    package static func remove(_ path: String) throws(SystemError) {
        do { try check("remove", path) { unlink(path) } } catch  where error.isNotFound {
        } catch  where error.errno == Errno(EROFS) && !exists(path) {
            // A read-only file system says so before it looks for the name.
        }
    }

    /// Makes the directory and those above it, each with this mode; those that exist stay as they are.
    package static func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        if exists(path) { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try makeDirectories(String(path[..<slash]), mode: mode)
        }
        do { try check("make the directory", path) { mkdir(path, mode) } } catch  where error.isAlreadyExists {}
    }

    /// The names in a directory without `.` and `..`, in no order.
    package static func list(_ path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw SystemError("list", path, .last) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}

/// An exclusive lock on a file or directory (flock(2)); released when the value dies.
package struct FileLock: ~Copyable {
    private let file: FileDescriptor

    /// Waits for the lock until the deadline; `errno` is `.timedOut` after it. A missing file is created.
    package init(_ path: String, mode: UInt32 = 0o644, timeoutMilliseconds: Int = 30_000) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_RDONLY | O_CREAT, mode: mode)
        var waited = 0
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let cause = Errno.last
            guard cause == .again || cause == .interrupted else { throw SystemError("lock", path, cause) }
            if waited >= timeoutMilliseconds * 1000 { throw SystemError("lock", path, .timedOut) }
            let step = min(2_000, max(100, waited / 8))
            usleep(UInt32(step))
            waited += step
        }
        self.file = file
    }

    /// For all copies of the descriptor: a program that another thread is just starting has one until its exec.
    deinit { flock(file.rawValue, LOCK_UN) }
}
