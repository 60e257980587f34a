internal import CLinux

/// An eventfd(2): any thread signals it, the thread that waits on it drains it.
package struct EventDescriptor: ~Copyable, Sendable {
    package let descriptor: FileDescriptor

    package init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try check("make", "an eventfd") { poplin_eventfd() })
    }

    /// Makes the descriptor readable. A counter that is full is readable already, so a refused write is no loss.
    package func signal() {
        try? descriptor.writeAll(withUnsafeBytes(of: UInt64(1)) { Array($0) })
    }

    /// Makes the descriptor unreadable until the next signal.
    package func drain() {
        var count: UInt64 = 0
        withUnsafeMutableBytes(of: &count) { _ = try? descriptor.read(into: $0) }
    }
}
