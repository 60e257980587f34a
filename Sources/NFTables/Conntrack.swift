internal import CNftables
internal import Linux
internal import NetTypes

/// The kernel's table of tracked connections, in the network namespace of the thread that opens it.
///
/// A UDP flow that was tracked before a rule changed goes on as it was, to an old pod or to none; who changes a mapping
/// deletes the flows that it was for. There is no index by port in the kernel: every question walks the whole hash table
/// of the machine, which took 12 ms and more for 262,144 buckets on a busy machine of two cores, however few connections
/// there are. Ask only for protocols that need it, with all the filters in one call, beside other work.
package struct Conntrack: ~Copyable {
    var socket: NetfilterSocket

    package init() throws(NFTError) { socket = try NetfilterSocket() }

    /// The connections that the filter matches; the kernel picks them out where it can.
    package mutating func entries(matching filter: ConntrackFilter) throws(NFTError) -> [ConntrackEntry] {
        let query = Query(
            subsystem: NFNL_SUBSYS_CTNETLINK, type: IPCTNL_MSG_CT_GET.rawValue,
            family: UInt8(filter.family == .v4 ? AF_INET : AF_INET6), isDump: true, operation: "list",
            object: "tracked connections")
        let found = try socket.ask(query, { filter.encode(into: $0) }, { ConntrackEntry($0) })
        // An older kernel answers with more; and one that ended and came again meanwhile may be there twice.
        var seen: Set<ConntrackEntry> = []
        return found.filter { filter.matches($0) && seen.insert($0).inserted }
    }

    /// The connection whose first packet was this one; nil when there is none. The kernel finds it without a walk.
    package mutating func entry(_ l4proto: L4Protocol, _ original: ConntrackEntry.Direction) throws(NFTError)
        -> ConntrackEntry?
    {
        let query = Query(
            subsystem: NFNL_SUBSYS_CTNETLINK, type: IPCTNL_MSG_CT_GET.rawValue,
            family: UInt8(original.source.family == .v4 ? AF_INET : AF_INET6), isDump: false, operation: "get",
            object: "tracked connection \(l4proto) \(original)")
        do {
            return try socket.ask(query, { original.encode(l4proto, into: $0) }, { ConntrackEntry($0) }).first
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Deletes the connections that any of the filters matches, and says how many they were. One walk of the table for
    /// each family, whatever the number of filters.
    @discardableResult
    package mutating func delete(matching filters: [ConntrackFilter]) throws(NFTError) -> Int {
        var count = 0
        for family in IPFamily.allCases {
            let wanted = filters.filter { $0.family == family }
            guard let first = wanted.first else { continue }
            let common = wanted.dropFirst().reduce(first) { $0.common(with: $1) ?? ConntrackFilter(family) }
            let chosen = FilterIndex(wanted)
            count += try delete(entries(matching: common).filter { chosen.matches($0) }, family)
        }
        return count
    }

    /// Deletes those connections of the filter that the caller says, and says how many they were. One walk of the table.
    @discardableResult
    package mutating func delete(
        matching filter: ConntrackFilter, where isWanted: (ConntrackEntry) -> Bool
    ) throws(NFTError) -> Int {
        try delete(entries(matching: filter).filter(isWanted), filter.family)
    }

    private mutating func delete(_ entries: [ConntrackEntry], _ family: IPFamily) throws(NFTError) -> Int {
        // So few at a time that all their acknowledgements fit into the socket.
        let chunk = 64
        var deleted = 0
        var rest = entries[...]
        while !rest.isEmpty {
            deleted += try deleteChunk(rest.prefix(chunk), family)
            rest = rest.dropFirst(chunk)
        }
        return deleted
    }

    private mutating func deleteChunk(_ entries: ArraySlice<ConntrackEntry>, _ family: IPFamily) throws(NFTError) -> Int
    {
        // A tuple of two IPv6 addresses is the largest thing in a message: below 200 bytes.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: entries.count * 512, alignment: 16)
        defer { buffer.deallocate() }
        guard let start = buffer.baseAddress else { return 0 }
        var length = 0
        let first = socket.nextSequence()
        for (index, entry) in entries.enumerated() {
            let header = MessageHeader(
                NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE.rawValue, family: UInt8(family == .v4 ? AF_INET : AF_INET6),
                flags: NLM_F_ACK, sequence: first &+ UInt32(index))
            let message = header.write(at: start + length)
            entry.encodeIdentity(into: message)
            length += (Int(message.pointee.nlmsg_len) + 3) & ~3
        }
        socket.skipSequence(entries.count)
        do {
            try socket.send(UnsafeRawBufferPointer(rebasing: buffer[..<length]))
        } catch {
            throw NFTError("delete", "tracked connections", error)
        }
        return try readAcknowledgements(of: Array(entries), first)
    }

    /// A connection that is gone already is as good as deleted.
    private mutating func readAcknowledgements(of entries: [ConntrackEntry], _ first: UInt32) throws(NFTError) -> Int {
        var deleted = 0
        var answered = 0
        while answered < entries.count {
            let datagram: UnsafeRawBufferPointer
            do {
                guard let next = try socket.receive(wait: true) else { break }
                datagram = next
            } catch {
                throw NFTError("delete", "tracked connections", error)
            }
            for message in Messages(datagram) where message.pointee.nlmsg_type == NLMSG_ERROR {
                let index = Int(message.pointee.nlmsg_seq &- first)
                guard entries.indices.contains(index) else { continue }
                answered += 1
                let answer = Acknowledgement(message)
                if answer.errno.code == 0 {
                    deleted += 1
                } else if answer.errno != .noEntry {
                    throw NFTError("delete", "\(entries[index])", answer.errno, detail: answer.text)
                }
            }
        }
        return deleted
    }
}

/// Many filters, by what most of them ask for: there may be thousands, and as many connections.
private struct FilterIndex {
    private struct Front: Hashable {
        var address: IPAddress?
        var port: UInt16?
    }

    private let filters: [Front: [ConntrackFilter]]

    init(_ filters: [ConntrackFilter]) {
        self.filters = Dictionary(grouping: filters) {
            Front(address: $0.originalDestination, port: $0.originalDestinationPort)
        }
    }

    func matches(_ entry: ConntrackEntry) -> Bool {
        for address in [entry.original.destination, nil] {
            for port in [entry.original.destinationPort, nil] {
                let found = filters[Front(address: address, port: port)]
                if found?.contains(where: { $0.matches(entry) }) == true { return true }
            }
        }
        return false
    }
}
