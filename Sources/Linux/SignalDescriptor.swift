internal import CLinux
internal import Glibc

/// A signalfd(2): signals as something to read rather than an interruption.
///
/// Make it before any other thread is started: the signals are blocked in the calling thread and in those that it
/// starts afterwards, and one unblocked thread is enough for the default action to end the process.
package struct SignalDescriptor: ~Copyable {
    package let descriptor: FileDescriptor

    package init(_ signals: [CInt]) throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try check("make", "a signalfd") { poplin_signalfd(signals, CInt(signals.count)) })
    }

    /// The number of the next pending signal, or nil when there is none.
    package func next() -> CInt? {
        var record = [UInt8](repeating: 0, count: 128)
        return record.withUnsafeMutableBytes { buffer in
            guard let count = try? descriptor.read(into: buffer), count == 128 else { return nil }
            return CInt(bitPattern: buffer.load(as: UInt32.self))
        }
    }

    /// Writing to a connection that the peer has closed then fails with EPIPE instead of ending the process.
    package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
