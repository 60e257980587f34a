internal import Linux

/// The boot that the machine is in, as the kernel names it.
struct BootIdentity: Hashable, Sendable {
    let id: String

    init(id: String) { self.id = id }

    static func current() throws(SystemError) -> BootIdentity {
        let text = try Files.readText("/proc/sys/kernel/random/boot_id")
        return BootIdentity(id: String(text.prefix { !$0.isWhitespace }))
    }

    /// A number of nanoseconds in a second that stands for this boot (FNV-1a): see `ReservationIndex`.
    var stamp: Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(hash % 1_000_000_000)
    }
}
