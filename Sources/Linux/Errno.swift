internal import CLinux
internal import Glibc

/// An error number of the kernel (errno(3)).
package struct Errno: Error, Hashable, Sendable {
    package var code: CInt

    package init(_ code: CInt) { self.code = code }

    /// The calling thread's errno; read it at once after the call that failed.
    package static var last: Errno { Errno(errno) }

    package static let noEntry = Errno(ENOENT)
    package static let exists = Errno(EEXIST)
    package static let again = Errno(EAGAIN)
    package static let interrupted = Errno(EINTR)
    package static let noSuchProcess = Errno(ESRCH)
    package static let noDevice = Errno(ENODEV)
    package static let invalid = Errno(EINVAL)
    package static let notSupported = Errno(EOPNOTSUPP)
    package static let noMemory = Errno(ENOMEM)
    package static let badMessage = Errno(EBADMSG)
    package static let messageSize = Errno(EMSGSIZE)
    package static let noBuffers = Errno(ENOBUFS)
    package static let addressInUse = Errno(EADDRINUSE)
    package static let noAddress = Errno(EADDRNOTAVAIL)
    package static let connectionAborted = Errno(ECONNABORTED)
    package static let textBusy = Errno(ETXTBSY)
    package static let inProgress = Errno(EINPROGRESS)
    package static let exchangeFull = Errno(EXFULL)
    package static let timedOut = Errno(ETIMEDOUT)
}

extension Errno: CustomStringConvertible {
    package var description: String {
        guard let text = poplin_strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }
}

/// A system call that failed: what was done, to which object, and why the kernel refused.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    package var operation: String
    package var object: String
    package var errno: Errno

    package init(_ operation: String, _ object: String, _ errno: Errno) {
        self.operation = operation
        self.object = object
        self.errno = errno
    }

    package var description: String { "cannot \(operation) \(object): \(errno)" }
    package var isNotFound: Bool { errno == .noEntry }
    package var isAlreadyExists: Bool { errno == .exists }
}

/// Runs a system call that says -1 on failure, again after each EINTR; otherwise returns what the call returned.
@discardableResult
package func check<Result: SignedInteger>(
    _ operation: @autoclosure () -> String, _ object: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let cause = Errno.last
        if cause != .interrupted { throw SystemError(operation(), object(), cause) }
    }
}
