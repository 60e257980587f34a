internal import Glibc
internal import Linux
internal import NetTypes

/// One network's reservations on disk, locked. The format is the reference plugin's, so that both can work on the same
/// directory: a file per address (`Reservation`), `last_reserved_ip.N` for the rotation in set N, and `lock`.
///
/// A reservation appears with its contents or not at all (temporary file, then link), so that a crash leaves no empty
/// file behind; the empty ones that the reference plugin leaves count as free.
struct ReservationDirectory: ~Copyable {
    let path: String
    private let index: ReservationIndex
    private let boot: BootIdentity
    private let bootFile: String
    private var hasChanged = false
    /// Every reservation, when the index cannot be used.
    private var unindexed: [Reservation: [IPAddress]]?
    private let lock: FileLock

    /// Opens and locks the directory, and makes it if it is absent. Waiting for the lock longer than the machine's
    /// limit is code 11. `toFree` opens it also where no index can be written (no space): to free an address needs none.
    static func open(
        _ dataDirectory: String, network: String, machine: Machine, boot: BootIdentity, toFree: Bool = false
    ) throws(CNIError) -> ReservationDirectory {
        let path = "\(dataDirectory)/\(network)"
        var directory = ReservationDirectory(path: path, machine, boot, lock: try lock(path, machine))
        do { try directory.prepare(toFree: toFree) } catch { throw CNIError(error) }
        return directory
    }

    private init(path: String, _ machine: Machine, _ boot: BootIdentity, lock: consuming FileLock) {
        self.path = path
        self.boot = boot
        self.lock = lock
        let key = PathKey.name(path)
        index = ReservationIndex(directory: "\(machine.runDirectory)/host-local/\(key)")
        bootFile = "\(machine.stateDirectory)/host-local/\(key).boot"
    }

    private static func lock(_ path: String, _ machine: Machine) throws(CNIError) -> FileLock {
        do throws(SystemError) {
            try Files.makeDirectories(path)
            return try FileLock("\(path)/lock", timeoutMilliseconds: machine.lockTimeoutMilliseconds)
        } catch {
            throw CNIError(error)
        }
    }

    /// Ends the work: the index is complete if the process comes as far as this.
    consuming func close() throws(CNIError) {
        guard hasChanged, unindexed == nil else { return }
        do { try stamp() } catch { throw CNIError(error) }
    }

    // MARK: Finding

    /// The addresses that this container's interface has, also those in files of old versions that name no interface.
    func addresses(_ containerID: String, _ interfaceName: String) throws(CNIError) -> [IPAddress] {
        do {
            let exact = try held(Reservation(containerID: containerID, interfaceName: interfaceName))
            return try exact + held(Reservation(containerID: containerID, interfaceName: nil))
        } catch {
            throw CNIError(error)
        }
    }

    private func held(_ reservation: Reservation) throws(SystemError) -> [IPAddress] {
        let addresses = unindexed.map { $0[reservation] } ?? index.entry(reservation)?.addresses
        return try only(addresses ?? [], of: reservation)
    }

    private func only(_ addresses: [IPAddress], of reservation: Reservation) throws(SystemError) -> [IPAddress] {
        var own: [IPAddress] = []
        for address in addresses where try owner(of: address) == reservation { own.append(address) }
        return own
    }

    /// Nil when the address is nobody's.
    func owner(of address: IPAddress) throws(SystemError) -> Reservation? {
        try Self.contents(file(address)).flatMap(Reservation.init(contents:))
    }

    /// Nil when there is no such file. One that cannot be read just now, because there is no descriptor left or no
    /// memory, is an error: taken for absent it would be forgotten, and never be freed.
    private static func contents(_ path: String) throws(SystemError) -> [UInt8]? {
        do { return try Files.read(path, limit: 65536) } catch {
            if [ENOENT, EISDIR, ELOOP, EFBIG].contains(where: { error.errno == Errno($0) }) { return nil }
            throw error
        }
    }

    /// The next address of the set that is free, in rotation.
    func nextFree(in set: RangeSet, number: Int) -> (address: IPAddress, range: AddressRange)? {
        Self.nextFree(in: set, number: number, directory: path)
    }

    /// The same without a lock, for a look from outside (STATUS).
    static func nextFree(in set: RangeSet, number: Int, directory: String) -> (
        address: IPAddress, range: AddressRange
    )? {
        let last = try? Files.readText("\(directory)/last_reserved_ip.\(number)", limit: 256)
        var misses = 0
        var names: Set<String>?
        for candidate in set.candidates(after: last.flatMap { IPAddress($0)?.canonical }) {
            let name = Reservation.fileName(candidate.address)
            // In a pool that is nearly full one listing is cheaper than thousands of questions.
            if misses == 64 { names = Set((try? Files.list(directory)) ?? []) }
            misses += 1
            if let names, names.contains(name) { continue }
            let status = try? FileStatus("\(directory)/\(name)")
            if status == nil || status?.size == 0 { return candidate }
        }
        return nil
    }

    /// Every reservation, by owner.
    mutating func all() throws(CNIError) -> [Reservation: [IPAddress]] {
        do { return try scan() } catch { throw CNIError(error) }
    }

    // MARK: Changing

    /// Reserves the address; false when it is taken.
    mutating func reserve(_ address: IPAddress, for reservation: Reservation, set number: Int) throws(CNIError) -> Bool
    {
        do throws(SystemError) {
            if let status = try FileStatus(file(address)) {
                if status.size > 0 { return false }
                try Files.remove(file(address))
            }
            hasChanged = true
            try Files.remove(draft)
            defer { _ = unlink(draft) }
            try FileDescriptor.open(draft, O_WRONLY | O_CREAT | O_EXCL).writeAll(reservation.contents.utf8)
            do { try Files.link(draft, as: file(address)) } catch  where error.isAlreadyExists { return false }
            // A full disk costs the rotation only.
            try? Self.remember(address, "\(path)/last_reserved_ip.\(number)")
            return true
        } catch {
            throw CNIError(error)
        }
    }

    /// Notes in the index what an ADD has reserved.
    mutating func record(_ addresses: [IPAddress], for reservation: Reservation, namespace: NamespaceRecord?)
        throws(CNIError)
    {
        do {
            let earlier = try held(reservation).filter { !addresses.contains($0) }
            let entry = ReservationIndex.Entry(addresses: earlier + addresses, namespace: namespace)
            try index.set(entry, for: reservation)
        } catch {
            throw CNIError(error)
        }
    }

    /// Frees these addresses if they are still this owner's.
    mutating func release(_ addresses: [IPAddress], of reservation: Reservation) throws(CNIError) {
        do throws(SystemError) {
            for address in addresses where try owner(of: address) == reservation {
                hasChanged = true
                try Files.remove(file(address))
            }
            if unindexed != nil { return }
            let rest = try held(reservation)
            if rest.isEmpty {
                try index.remove(reservation)
            } else {
                let namespace = index.entry(reservation)?.namespace
                try index.set(ReservationIndex.Entry(addresses: rest, namespace: namespace), for: reservation)
            }
        } catch {
            throw CNIError(error)
        }
    }

    /// Frees all that this container's interface has. Files that name no interface are looked at only when there is no
    /// other, as the reference plugin does. The addresses that the caller was told are looked at in any case, whatever
    /// the index says.
    mutating func releaseAll(_ containerID: String, _ interfaceName: String, told: [IPAddress]) throws(CNIError) {
        let exact = Reservation(containerID: containerID, interfaceName: interfaceName)
        let old = Reservation(containerID: containerID, interfaceName: nil)
        let addresses: [IPAddress]
        let others: [IPAddress]
        do {
            addresses = try held(exact) + only(told, of: exact)
            others = addresses.isEmpty ? try held(old) : []
        } catch {
            throw CNIError(error)
        }
        if !addresses.isEmpty { return try release(addresses, of: exact) }
        if !others.isEmpty { try release(others, of: old) }
    }

    /// The namespace that the owner had at its ADD.
    func namespace(of reservation: Reservation) -> NamespaceRecord? { index.entry(reservation)?.namespace }

    /// What `reserve` writes before it has its name.
    private var draft: String { "\(path)/.poplin-draft" }

    private func file(_ address: IPAddress) -> String { "\(path)/\(Reservation.fileName(address))" }

    /// In place: the name must not vanish, and half a write costs no more than the rotation.
    private static func remember(_ address: IPAddress, _ path: String) throws(SystemError) {
        let text = Reservation.fileName(address)
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT)
        try file.writeAll(text.utf8)
        try check("shorten", path) { ftruncate(file.rawValue, text.utf8.count) }
    }

    // MARK: Staying complete

    private mutating func prepare(toFree: Bool) throws(SystemError) {
        do { try refresh() } catch {
            if !toFree { throw error }
            unindexed = try read()
        }
    }

    /// Brings the index up to date when somebody else was here, and frees what is from before a reboot.
    private mutating func refresh() throws(SystemError) {
        guard let status = try FileStatus(path) else { throw SystemError("stat", path, .noEntry) }
        if status.modifiedNanoseconds == boot.stamp {
            if index.exists { return }
            // Until it is complete again nobody may take it for that, whatever cuts this short.
            try Files.setModified(path, seconds: time(nil), nanoseconds: (boot.stamp + 1) % 1_000_000_000)
        }
        let earlier = (try? Files.readText(bootFile)).map { BootIdentity(id: $0) }
        let isUntouchedSinceReboot = earlier.map { $0 != boot && $0.stamp == status.modifiedNanoseconds } ?? false
        if isUntouchedSinceReboot { try removeAll() }
        try Files.remove(draft)
        try index.replace(with: try scan())
        if earlier != boot {
            let directory = bootFile.lastIndex(of: "/").map { String(bootFile[..<$0]) } ?? bootFile
            try Files.makeDirectories(directory)
            try Files.replace(bootFile, boot.id.utf8)
        }
        try stamp()
    }

    private func stamp() throws(SystemError) {
        try Files.setModified(path, seconds: time(nil), nanoseconds: boot.stamp)
    }

    private func removeAll() throws(SystemError) {
        for name in try Files.list(path) where IPAddress(name) != nil { try Files.remove("\(path)/\(name)") }
    }

    /// Reads every reservation, and removes files that reserve nothing (what crashes left).
    private mutating func scan() throws(SystemError) -> [Reservation: [IPAddress]] {
        var empty: [String] = []
        let found = try read(empty: &empty)
        for file in empty {
            hasChanged = true
            try Files.remove(file)
        }
        return found
    }

    private func read() throws(SystemError) -> [Reservation: [IPAddress]] {
        var empty: [String] = []
        return try read(empty: &empty)
    }

    private func read(empty: inout [String]) throws(SystemError) -> [Reservation: [IPAddress]] {
        var found: [Reservation: [IPAddress]] = [:]
        for name in try Files.list(path) {
            let file = "\(path)/\(name)"
            guard let address = IPAddress(name), let contents = try Self.contents(file) else { continue }
            if let reservation = Reservation(contents: contents) {
                found[reservation, default: []].append(address)
            } else {
                empty.append(file)
            }
        }
        return found
    }
}
