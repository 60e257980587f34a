internal import CLinux

/// The C library's allocator.
package enum Allocator {
    /// Lets all threads share this many arenas (mallopt(3), M_ARENA_MAX). The default, eight for each core, keeps
    /// memory that one thread has freed from every other one; a daemon of few, mostly waiting threads is smaller with
    /// one. Call it first in main.
    package static func limitArenas(to count: Int) { _ = poplin_limit_arenas(CInt(clamping: count)) }
}
