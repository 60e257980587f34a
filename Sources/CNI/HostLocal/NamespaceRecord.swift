internal import Linux

/// A network namespace as it was seen at an ADD, to tell later whether it still is.
struct NamespaceRecord: Hashable {
    var path: String
    var device: UInt64
    var inode: UInt64

    init(path: String, device: UInt64, inode: UInt64) {
        self.path = path
        self.device = device
        self.inode = inode
    }

    /// nil when the path is no network namespace: nothing can be told from it later.
    init?(path: String) {
        guard let namespace = try? NetworkNamespace(path: path), let identity = try? namespace.identity else {
            return nil
        }
        self.init(path: path, device: identity.device, inode: identity.inode)
    }

    /// Whether the path is gone or leads to another namespace. When in doubt, no.
    var isGone: Bool {
        guard let status = try? FileStatus(path) else { return !Files.exists(path) && Errno.last == .noEntry }
        return status.device != device || status.inode != inode
    }
}
