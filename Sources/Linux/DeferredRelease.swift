internal import CLinux

/// Closing some files makes the closer wait: a netfilter socket waits until deletions of the ruleset are through an RCU
/// grace period (16 ms where HZ is 250), whoever made them. A program that lives for two milliseconds has better things
/// to do: it closes the file first and this after it, and a worker of the kernel does the last close, some time later.
///
/// The way is a Unix socket in its own queue, with the file beside it. At the end of this value nothing else holds that
/// socket, and the kernel's collector of such cycles finds it. Kernels before 6.10 collect at once; then, or when the
/// socket cannot be made, closing takes as long as ever.
package struct DeferredRelease: ~Copyable {
    private let queue: FileDescriptor
    /// Ends last, also when the process does without ending this value: the kernel closes by ascending number.
    private let trigger: FileDescriptor

    /// Nil when it cannot be arranged.
    package init?(of descriptor: CInt) {
        var pair: [CInt] = [-1, -1]
        if poplin_release_later(descriptor, &pair) < 0 { return nil }
        queue = FileDescriptor(owning: pair[0])
        trigger = FileDescriptor(owning: pair[1])
    }
}
