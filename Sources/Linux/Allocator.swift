internal import CLinux

/// The C library's allocator.
package enum Allocator {
    /// Lets all threads share this many arenas (mallopt(3), M_ARENA_MAX). The default, eight for each core, keeps
    /// memory that one thread has freed from every other one; a daemon of few, mostly waiting threads is smaller with
    /// one. Call it first in main.
    package static func limitArenas(to count: Int) { _ = poplin_limit_arenas(CInt(clamping: count)) }

    /// Gives what is free back to the kernel (malloc_trim(3)), which the C library does by itself only at the heap's end.
    /// After work that needed much memory for a moment; it takes about a millisecond.
    package static func trim() { poplin_trim_allocator() }
}
