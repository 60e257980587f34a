internal import Linux
internal import NetTypes

/// Finds a container's reservations without reading all of them: a symbolic link per (container, interface) whose text
/// names the addresses and the namespace. It lives outside the data directory, because the reference plugin reads
/// every file there, and on a tmpfs, because it is worthless after a reboot.
///
/// How it knows that it is complete: each of our changes ends by setting the data directory's modification time to a
/// second whose nanoseconds stand for the boot (`BootIdentity.stamp`). Whoever else adds or removes a file there makes
/// the kernel set another time. So when the nanoseconds are those of this boot, nothing has changed since the index
/// was written; when they are those of the boot before, every reservation is from before the reboot.
struct ReservationIndex {
    struct Entry: Hashable {
        var addresses: [IPAddress]
        /// The namespace of the container as it was at the ADD; nil when it had none or another plugin reserved.
        var namespace: NamespaceRecord?
    }

    let directory: String

    init(directory: String) { self.directory = directory }

    var exists: Bool { Files.exists(directory) }

    func entry(_ reservation: Reservation) -> Entry? {
        Files.readSymbolicLink(path(reservation)).map(Entry.init(text:))
    }

    func set(_ entry: Entry, for reservation: Reservation) throws(SystemError) {
        try Files.makeDirectories(directory, mode: 0o700)
        try Files.symbolicLink(path(reservation), to: entry.text)
    }

    func remove(_ reservation: Reservation) throws(SystemError) { try Files.remove(path(reservation)) }

    /// Makes the index say exactly this; what is known of a namespace stays.
    func replace(with found: [Reservation: [IPAddress]]) throws(SystemError) {
        try Files.makeDirectories(directory, mode: 0o700)
        let wanted = Set(found.keys.map(Self.name))
        for name in try Files.list(directory) where !wanted.contains(name) { try Files.remove("\(directory)/\(name)") }
        for (reservation, addresses) in found {
            let known = entry(reservation)
            if known?.addresses.sorted() != addresses.sorted() {
                try set(Entry(addresses: addresses, namespace: known?.namespace), for: reservation)
            }
        }
    }

    private func path(_ reservation: Reservation) -> String { "\(directory)/\(Self.name(reservation))" }

    /// Neither a container's id nor an interface's name contains a colon.
    private static func name(_ reservation: Reservation) -> String {
        PathKey.name("\(reservation.containerID):\(reservation.interfaceName ?? "")")
    }
}

extension ReservationIndex.Entry {
    /// `ADDRESS,ADDRESS DEVICE INODE PATH`, the last three when there is a namespace.
    var text: String {
        // A link's text must not be empty.
        var text = addresses.list(",") + " "
        if let namespace { text += "\(namespace.device) \(namespace.inode) \(namespace.path)" }
        return text
    }

    init(text: String) {
        let parts = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        addresses = (parts.first ?? "").split(separator: ",").compactMap { IPAddress($0) }
        if parts.count == 4, let device = UInt64(parts[1]), let inode = UInt64(parts[2]) {
            namespace = NamespaceRecord(path: String(parts[3]), device: device, inode: inode)
        }
    }
}
