internal import Glibc

/// Names of files: hard links, and symbolic links that hold a short text.
extension Files {
    /// Gives the file a second name; `.exists` if the name is taken, so that of several callers one wins.
    package static func link(_ path: String, as name: String) throws(SystemError) {
        try check("make the link", name) { Glibc.link(path, name) }
    }

    /// Makes a symbolic link, replacing one that is there.
    package static func symbolicLink(_ path: String, to target: String) throws(SystemError) {
        do {
            try check("make the symbolic link", path) { symlink(target, path) }
        } catch  where error.isAlreadyExists {
            try remove(path)
            try check("make the symbolic link", path) { symlink(target, path) }
        }
    }

    /// The text of a symbolic link; nil when there is none.
    package static func readSymbolicLink(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The directory of this process's executable.
    package static func programDirectory() throws(SystemError) -> String {
        guard let path = readSymbolicLink("/proc/self/exe"), let slash = path.lastIndex(of: "/") else {
            throw SystemError("read", "/proc/self/exe", .last)
        }
        return String(path[..<slash])
    }

    /// Sets the times of the last change and the last read of a file or directory.
    package static func setModified(_ path: String, seconds: Int, nanoseconds: Int) throws(SystemError) {
        let time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
        try check("set the time of", path) { utimensat(AT_FDCWD, path, [time, time], 0) }
    }
}
