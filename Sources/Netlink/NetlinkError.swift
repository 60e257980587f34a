package import Linux

/// A request that failed: what was done, to which object, and why the kernel refused.
package struct NetlinkError: Error, Hashable, Sendable {
    package var operation: String
    package var object: String
    package var errno: Errno
    /// The kernel's own sentence (extended acknowledgement), empty when it gave none.
    package var detail: String

    package init(_ operation: String, _ object: String, _ errno: Errno, detail: String = "") {
        self.operation = operation
        self.object = object
        self.errno = errno
        self.detail = detail
    }

    /// The object, or the link under it, is not there: ENOENT, ESRCH (routes), ENODEV (links), EADDRNOTAVAIL (addresses).
    package var isNotFound: Bool {
        errno == .noEntry || errno == .noSuchProcess || errno == .noDevice || errno == .noAddress
    }

    package var isAlreadyExists: Bool { errno == .exists }

    /// The kernel lacks the feature: EOPNOTSUPP.
    package var isNotSupported: Bool { errno == .notSupported }

    func about(_ operation: String, _ object: String) -> NetlinkError {
        NetlinkError(operation, object, errno, detail: detail)
    }
}

extension NetlinkError: CustomStringConvertible {
    package var description: String {
        let cause = "cannot \(operation) \(object): \(errno)"
        return detail.isEmpty ? cause : "\(cause) (kernel: \(detail))"
    }
}
