package import Foundation
internal import Glibc
internal import Synchronization

extension Process {
    private static let starts = Mutex(())

    /// Starts the program, one at a time. Foundation lets a program inherit what is opened while it starts it, such as the
    /// sockets by which it hears of another program's end: that one would never be over for who waits for it.
    package func start() throws { try Self.starts.withLock { _ in try run() } }
}

extension Pipe {
    /// A pipe that only those programs have whose input or output it is made.
    package static var unshared: Pipe {
        let pipe = Pipe()
        for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        return pipe
    }
}
