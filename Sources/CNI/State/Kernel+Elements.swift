package import NFTables

/// Elements that come and go with attachments, in sets and maps that are made once and never flushed.
extension Kernel {
    /// Adds the elements in one transaction.
    ///
    /// `layouts` makes the tables and chains that the elements need, each an exclusive creation; they run only when
    /// something is missing: a chain that an element leads to, or one of `chains`. `mayReplace` decides about an
    /// element of somebody else with the same key: it throws when that one is alive.
    package func install(
        _ elements: [OwnedElement], layouts: @autoclosure () -> [Transaction], chains: [Chain] = [],
        mayReplace: (OwnedElement, Element) throws -> Void
    ) throws {
        if elements.isEmpty { return }
        try rules { socket in
            try layOut(layouts, for: elements, chains, &socket)
            var stale: [OwnedElement] = []
            for attempt in 1...6 {
                do {
                    var transaction = Self.deletion(of: stale)
                    transaction.append(Self.creation(of: elements))
                    return try socket.commit(transaction)
                } catch let error as NFTError where error.isNotFound && attempt < 6 {
                    stale = []
                    try Self.make(layouts(), &socket)
                } catch let error as NFTError where error.isAlreadyExists && attempt < 6 {
                    stale = []
                    for wanted in elements {
                        guard let holder = try socket.element(wanted.element.key, in: wanted.set) else { continue }
                        if holder.comment != wanted.element.comment { try mayReplace(wanted, holder) }
                        stale.append(wanted)
                    }
                }
            }
        }
    }

    /// Deletes those of the elements that still carry this label, in one transaction. What is absent, or belongs to a
    /// successor with the same address or port, is left alone.
    package func remove(_ elements: [OwnedElement], label: String) throws {
        if elements.isEmpty { return }
        try rules { socket in
            for attempt in 1...4 {
                var own: [OwnedElement] = []
                for entry in elements {
                    do {
                        if try socket.element(entry.element.key, in: entry.set)?.comment == label { own.append(entry) }
                    } catch let error as NFTError where error.isNotFound {}
                }
                if own.isEmpty { return }
                // Somebody may have taken one away since it was looked up.
                do { return try socket.commit(Self.deletion(of: own)) } catch let error as NFTError
                    where error.isNotFound && attempt < 4
                {}
            }
        }
    }

    /// The element with the key of this one, as the kernel holds it; nil when it or its table is absent.
    package func current(_ wanted: OwnedElement) throws -> Element? {
        try rules { socket in
            do { return try socket.element(wanted.element.key, in: wanted.set) } catch let error as NFTError
                where error.isNotFound
            { return nil }
        }
    }

    /// Deletes the elements of a network that carry none of these labels.
    package func sweep(_ sets: [NFTSet], network: String, keeping labels: Set<String>) throws {
        let network = NetworkKey(network)
        try rules { socket in
            var stale: [OwnedElement] = []
            for set in sets {
                let elements: ElementList
                do { elements = try socket.elements(of: set) } catch let error as NFTError where error.isNotFound {
                    continue
                }
                for element in elements {
                    guard let label = element.comment, NetworkKey(ofLabel: label) == network,
                        !labels.contains(label)
                    else { continue }
                    stale.append(OwnedElement(element, in: set))
                }
            }
            if stale.isEmpty { return }
            do { try socket.commit(Self.deletion(of: stale)) } catch let error as NFTError where error.isNotFound {
                throw CNIError(.tryAgainLater, "elements went away while they were collected", details: "\(error)")
            }
        }
    }

    /// Adds an element that belongs to no attachment and stays.
    package func ensure(_ wanted: OwnedElement, layouts: @autoclosure () -> [Transaction]) throws {
        try rules { socket in
            try layOut(layouts, for: [wanted], [], &socket)
            var transaction = Transaction()
            transaction.add([wanted.element], to: wanted.set)
            try socket.commit(transaction)
        }
    }

    /// CHECK: each of the elements must be there as it is wanted.
    package func requireElements(_ elements: [OwnedElement]) throws {
        for wanted in elements {
            guard let current = try current(wanted) else {
                throw CNIError(.internalFailure, "missing in the kernel: \(wanted)")
            }
            if current.value != wanted.element.value || current.comment != wanted.element.comment {
                throw CNIError(
                    .internalFailure, "wrong in the kernel: \(wanted)", details: "found { \(current) }")
            }
        }
    }

    /// STATUS: code 50 when nf_tables cannot be used here.
    package func requireRules() throws {
        do { _ = try rules { socket in try socket.generation() } } catch {
            throw CNIError(.notAvailable, "nf_tables cannot be used on this node", details: "\(error)")
        }
    }

    static func creation(of elements: [OwnedElement]) -> Transaction {
        var transaction = Transaction()
        for entry in elements { transaction.create([entry.element], in: entry.set) }
        return transaction
    }

    static func deletion(of elements: [OwnedElement]) -> Transaction {
        var transaction = Transaction()
        for entry in elements { transaction.delete([Element(entry.element.key)], from: entry.set) }
        return transaction
    }
}
