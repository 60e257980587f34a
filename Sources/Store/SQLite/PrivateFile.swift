internal import Glibc
internal import Linux

/// A file that nobody but its owner may read: there are Secrets in it. SQLite gives its log the same mode.
enum PrivateFile {
    /// Makes it, empty and with its name on the disk, unless it is there.
    static func make(_ path: String) throws(SystemError) {
        if Files.exists(path) { return }
        _ = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        try syncDirectory(of: path)
    }

    /// Puts the names in the file's directory on the disk.
    static func syncDirectory(of path: String) throws(SystemError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        try check("sync", directory) { fsync(descriptor.rawValue) }
    }
}
