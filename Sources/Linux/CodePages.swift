internal import Glibc

/// The pages of program and libraries that are in memory because they were once run.
package enum CodePages {
    /// Lets go of all executable pages, so that only those still in use come back, from the page cache, as they are run.
    ///
    /// A daemon needs most of what the start touches (dynamic linking, constructors of libraries, TLS tables) never
    /// again, but the kernel counts it as resident for ever; with libcurl and its libraries this is some 5 MiB. Only
    /// mappings that cannot be written are named, so nothing is lost but a debugger's breakpoints. Call it at the end of
    /// work, every few seconds at most: what is needed again costs a page fault, half a microsecond.
    package static func release() {
        guard let maps = try? Files.readText("/proc/self/maps") else { return }
        for line in maps.split(separator: "\n") {
            // 7f12e4000000-7f12e4021000 r-xp 00000000 08:01 1234   /usr/lib/libc.so.6
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, let start = UnsafeMutableRawPointer(bitPattern: bounds[0]) else { continue }
            madvise(start, Int(bounds[1] - bounds[0]), CInt(MADV_DONTNEED))
        }
    }
}
