internal import Glibc

/// What stat(2) says about a file; links are followed.
package struct FileStatus: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    package var linkCount: UInt64
    package var size: Int64
    package var isDirectory: Bool
    /// Time of the last change of the contents: seconds since 1970, and nanoseconds in the second.
    package var modifiedSeconds: Int
    package var modifiedNanoseconds: Int

    /// nil when the file is absent.
    package init?(_ path: String) throws(SystemError) {
        var status = stat()
        do {
            try check("stat", path) { stat(path, &status) }
        } catch  where error.errno == .noEntry || error.errno == Errno(ENOTDIR) {
            return nil
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = UInt64(status.st_nlink)
        size = Int64(status.st_size)
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
        modifiedSeconds = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
    }
}
