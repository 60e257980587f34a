internal import Linux

/// The boot that the machine is in, as the kernel names it.
struct BootIdentity: Hashable, Sendable {
    let id: String

    init(id: String) { self.id = id }

    static func current() throws(SystemError) -> BootIdentity {
        let text = try Files.readText("/proc/sys/kernel/random/boot_id")
        return BootIdentity(id: String(text.prefix { !$0.isWhitespace }))
    }

    /// A number of nanoseconds in a second that stands for this boot: see `ReservationIndex`.
    var stamp: Int { Int(Digest.fnv1a(id.utf8) % 1_000_000_000) }
}
