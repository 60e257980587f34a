internal import CLinux

/// Closing some files makes the closer wait: a netfilter socket waits until deletions of the ruleset are through an RCU
/// grace period (16 ms where HZ is 250), whoever made them, and a packet socket for one of its own. A program that
/// lives for two milliseconds has better things to do.
package enum DeferredRelease {
    /// Has a worker of the kernel do the last close of the file, some time after this process has closed its own
    /// descriptor. The way is a Unix socket in its own queue, with the file beside it, which the kernel's collector of
    /// such cycles finds. Kernels before 6.10 collect at once; then, or when the socket cannot be made, closing takes
    /// as long as ever.
    package static func arrange(_ descriptor: CInt) { _ = poplin_release_later(descriptor) }
}
