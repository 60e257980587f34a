internal import Linux
internal import NFTables

/// The tables, sets and chains that elements need, made by the first who needs them.
extension Kernel {
    /// Makes what the elements need, and the chains beside them, unless it is there.
    ///
    /// The kernel is asked, not tried: a transaction that it refuses waits for an RCU grace period, and everybody else's
    /// transactions wait with it. For the same reason, of many who find nothing at the same time, one makes it.
    func layOut(
        _ layouts: () -> [Transaction], for elements: [OwnedElement], _ chains: [Chain], _ socket: inout NFTSocket
    ) throws {
        if try Self.isLaidOut(for: elements, chains, &socket) { return }
        // Without the lock each tries: the layouts are exclusive creations.
        let lock = lockLayouts()
        if try !Self.isLaidOut(for: elements, chains, &socket) { try Self.make(layouts(), &socket) }
        _ = consume lock
    }

    /// Commits each layout that is not there yet.
    static func make(_ layouts: [Transaction], _ socket: inout NFTSocket) throws {
        for layout in layouts {
            do throws(NFTError) { try socket.commit(layout) } catch {
                if !error.isAlreadyExists { throw error }
            }
        }
    }

    /// The chain that an element leads to is what a list of layouts makes last; without one, the set is.
    private static func isLaidOut(
        for elements: [OwnedElement], _ chains: [Chain], _ socket: inout NFTSocket
    ) throws -> Bool {
        for chain in chains { if try socket.chain(chain) == nil { return false } }
        var last: Chain?
        for entry in elements {
            guard let chain = entry.chain, chain != last else { continue }
            if try socket.chain(chain) == nil { return false }
            last = chain
        }
        if last != nil { return true }
        return try elements.first.map { try socket.set($0.set) != nil } ?? true
    }
}

extension OwnedElement {
    /// The chain that the element's verdict leads to.
    fileprivate var chain: Chain? {
        guard case .verdict(let verdict) = element.value else { return nil }
        switch verdict {
        case .jump(let name), .goto(let name): return Chain(set.table, name)
        default: return nil
        }
    }
}
