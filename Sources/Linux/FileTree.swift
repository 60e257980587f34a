internal import Glibc

extension Files {
    /// Removes a directory and all below it without following symbolic links; an absent one is no error.
    package static func removeTree(_ path: String) throws(SystemError) {
        var status = stat()
        if lstat(path, &status) != 0 {
            if Errno.last == .noEntry { return }
            throw SystemError("remove", path, .last)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        for name in try list(path) { try removeTree("\(path)/\(name)") }
        try check("remove the directory", path) { rmdir(path) }
    }
}
