internal import NetTypes
package import Store

/// Leases in a key-value store, in flannel's layout: `<prefix>/config`, and `<prefix>/subnets/<subnet key>`.
package final class KeyValueSubnetManager: SubnetManager {
    private let store: any KeyValueStore
    private let prefix: String
    /// flannel gives up after as many.
    private static let attempts = 10

    /// The prefix is flannel's --etcd-prefix, such as /coreos.com/network.
    package init(store: any KeyValueStore, prefix: String) {
        self.store = store
        self.prefix = String(prefix.reversed().drop { $0 == "/" }.reversed())
    }

    private var configKey: String { "\(prefix)/config" }
    private var subnetsPrefix: String { "\(prefix)/subnets/" }
    private func key(_ subnet: SubnetKey) -> String { subnetsPrefix + subnet.description }

    package func networkConfig() throws(SubnetError) -> PublishedConfig {
        let key = configKey
        return try config(try ask { (store) throws(StoreError) in try store.get(key) })
    }

    package func watchConfig(_ body: (ConfigNews) -> WatchDecision) throws(SubnetError) {
        let key = configKey
        let found = try ask { (store) throws(StoreError) in try store.range(.key(key)) }
        if body(news(of: found.keyValues.first)) == .stop { return }
        try ask { (store) throws(StoreError) in
            try store.watch(.key(key), from: found.revision + 1) { batch in
                // Only the last one counts.
                switch batch.events.last {
                case .put(let keyValue)?: body(self.news(of: keyValue))
                case .delete?: body(self.news(of: nil))
                case nil: body(.alive)
                }
            }
        }
    }

    private func news(of found: KeyValue?) -> ConfigNews {
        do throws(SubnetError) { return .config(try config(found)) } catch { return .unusable(error) }
    }

    private func config(_ found: KeyValue?) throws(SubnetError) -> PublishedConfig {
        guard let found else { throw .configMissing(key: configKey) }
        do throws(ConfigProblems) { return try PublishedConfig(found.text) } catch { throw .configInvalid(error) }
    }

    // MARK: Own lease

    package func acquire(_ identity: LeaseIdentity, _ config: NetworkConfig) throws(SubnetError) -> OwnLease {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<Self.attempts {
            let listing = try list()
            let choice = SubnetChoice(
                config: config, leases: listing.leases, occupied: listing.occupied, identity: identity,
                using: &generator)
            for lease in choice.obsolete { try drop(lease) }
            if let reuse = choice.reuse {
                if let own = try take(over: reuse, identity.attributes) { return own }
            } else if let subnet = choice.create {
                if let own = try create(subnet, identity.attributes), try isUncontested(own, config) { return own }
            } else {
                throw .networkFull
            }
        }
        throw .tooManyCollisions
    }

    /// A key names the subnets of both families together, so that nodes which start at once can create different keys
    /// with one subnet in common. The older lease keeps it; a younger one of ours is given up.
    private func isUncontested(_ own: OwnLease, _ config: NetworkConfig) throws(SubnetError) -> Bool {
        let isContested = try list().leases.contains {
            $0.subnet != own.lease.subnet && $0.subnet.overlaps(own.lease.subnet) && $0.revision < own.lease.revision
                && !$0.subnet.coversNetwork(of: config)
        }
        if isContested {
            try drop(own.lease)
            try? store.revokeLease(LeaseID(rawValue: own.lease.leaseID))
        }
        return !isContested
    }

    package func renew(_ own: OwnLease, attributes: LeaseAttributes) throws(SubnetError) -> OwnLease {
        for _ in 0..<Self.attempts {
            if let renewed = try write(attributes, over: own.lease) { return renewed }
            // Somebody wrote or removed our key since.
            let key = key(own.lease.subnet)
            guard let found = try ask({ (store) throws(StoreError) in try store.get(key) }) else {
                if var recreated = try create(own.lease.subnet, attributes) {
                    recreated.wasRecreated = true
                    return recreated
                }
                continue
            }
            let theirs = try? LeaseAttributes(json: found.value)
            guard let theirs,
                LeaseIdentity(attributes: attributes).owns(Lease(subnet: own.lease.subnet, attributes: theirs))
                    || theirs == own.lease.attributes
            else {
                throw .lost(
                    own.lease.subnet,
                    to: theirs?.publicIPv4?.description ?? theirs?.publicIPv6?.description ?? "an unreadable value")
            }
            let current = lease(own.lease.subnet, theirs, found)
            if var renewed = try write(attributes, over: current) {
                if theirs != own.lease.attributes && theirs != attributes { renewed.overwrote = theirs }
                return renewed
            }
        }
        throw .tooManyCollisions
    }

    /// Our lease from an earlier run. One that already says what we say and has most of its term left stays unwritten, so
    /// that a restart of a whole cluster makes no news.
    private func take(over lease: Lease, _ attributes: LeaseAttributes) throws(SubnetError) -> OwnLease? {
        if lease.attributes == attributes {
            if lease.isReservation { return OwnLease(lease: lease, remaining: nil) }
            let remaining = try remainingSeconds(lease)
            if remaining > OwnLease.termSeconds / 2 { return OwnLease(lease: lease, remaining: .seconds(remaining)) }
        }
        return try write(attributes, over: lease)
    }

    private func remainingSeconds(_ lease: Lease) throws(SubnetError) -> Int {
        do {
            return try store.leaseStatus(LeaseID(rawValue: lease.leaseID)).remainingSeconds
        } catch  where error.kind == .leaseNotFound {
            return 0
        } catch {
            throw .store(error)
        }
    }

    /// Compare-and-swap of the key as it was when we last saw it; nil when it has changed since.
    /// A key without a lease is an operator's reservation and stays without one.
    private func write(_ attributes: LeaseAttributes, over old: Lease) throws(SubnetError) -> OwnLease? {
        let key = key(old.subnet)
        return try commit(
            old.subnet, attributes, if: .isUnchanged(key, since: old.revision), isReservation: old.isReservation,
            createRevision: old.createRevision)
    }

    private func create(_ subnet: SubnetKey, _ attributes: LeaseAttributes) throws(SubnetError) -> OwnLease? {
        try commit(subnet, attributes, if: .isAbsent(key(subnet)), isReservation: false)
    }

    private func commit(
        _ subnet: SubnetKey, _ attributes: LeaseAttributes, if condition: Transaction.Comparison, isReservation: Bool,
        createRevision: Revision? = nil
    ) throws(SubnetError) -> OwnLease? {
        let key = key(subnet)
        let granted: LeaseStatus? =
            isReservation
            ? nil
            : try ask { (store) throws(StoreError) in try store.grantLease(seconds: OwnLease.termSeconds) }
        let result: TransactionResult
        do throws(StoreError) {
            result = try store.commit(
                Transaction(if: [condition], then: [.put(key, Array(attributes.json.utf8), lease: granted?.id)]))
        } catch {
            // A write that may have been done must keep its lease.
            if let granted, !error.mayHaveBeenDone { try? store.revokeLease(granted.id) }
            throw .store(error)
        }
        guard result.succeeded else {
            if let granted { try? store.revokeLease(granted.id) }
            return nil
        }
        let lease = Lease(
            subnet: subnet, attributes: attributes, revision: result.revision, leaseID: granted?.id.rawValue ?? 0,
            createRevision: createRevision ?? result.revision)
        return OwnLease(lease: lease, remaining: granted.map { .seconds($0.grantedSeconds) })
    }

    private func drop(_ lease: Lease) throws(SubnetError) {
        let key = key(lease.subnet)
        _ = try ask { (store) throws(StoreError) in
            try store.commit(
                Transaction(if: [.isUnchanged(key, since: lease.revision)], then: [.delete(.key(key))]))
        }
    }

    // MARK: All leases

    package func watch(_ body: (LeaseNews) -> WatchDecision) throws(SubnetError) {
        let listing = try list()
        var unreadable = listing.unreadable
        if body(.unreadable(unreadable.values.sorted())) == .stop { return }
        if body(.events([.snapshot(listing.leases, revision: listing.revision)])) == .stop { return }
        let prefix = subnetsPrefix
        try ask { (store) throws(StoreError) in
            try store.watch(.prefix(prefix), from: listing.revision + 1) { batch in
                let before = unreadable
                // Together: what one write changed at once is known at once.
                let events = batch.events.compactMap { self.read($0, &unreadable) }
                if unreadable != before, body(.unreadable(unreadable.values.sorted())) == .stop { return .stop }
                return body(events.isEmpty ? .alive : .events(events))
            }
        }
    }

    private func read(_ event: WatchEvent, _ unreadable: inout [String: String]) -> LeaseEvent? {
        switch event {
        case .put(let keyValue):
            switch read(keyValue) {
            case .success(let lease):
                unreadable[keyValue.key] = nil
                return .put(lease)
            case .failure(let error):
                unreadable[keyValue.key] = error.description
                return nil
            }
        case .delete(let key, _):
            unreadable[key] = nil
            return SubnetKey(key.dropFirst(subnetsPrefix.count)).map { .removed($0) }
        }
    }

    private struct Listing {
        var revision: Revision
        var leases: [Lease] = []
        /// Subnets that are spoken for by a key whose value cannot be read.
        var occupied: [SubnetKey] = []
        /// Why, by key.
        var unreadable: [String: String] = [:]
    }

    private func list() throws(SubnetError) -> Listing {
        let prefix = subnetsPrefix
        let found = try ask { (store) throws(StoreError) in try store.range(.prefix(prefix)) }
        var listing = Listing(revision: found.revision)
        for keyValue in found.keyValues {
            switch read(keyValue) {
            case .success(let lease): listing.leases.append(lease)
            case .failure(let error):
                listing.unreadable[keyValue.key] = error.description
                if let subnet = SubnetKey(keyValue.key.dropFirst(prefix.count)) { listing.occupied.append(subnet) }
            }
        }
        return listing
    }

    private func read(_ keyValue: KeyValue) -> Result<Lease, LeaseFormatError> {
        guard let subnet = SubnetKey(keyValue.key.dropFirst(subnetsPrefix.count)) else {
            return .failure(LeaseFormatError(field: keyValue.key, reason: "the key is no subnet"))
        }
        do throws(LeaseFormatError) {
            return .success(lease(subnet, try LeaseAttributes(json: keyValue.value), keyValue))
        } catch {
            return .failure(LeaseFormatError(field: keyValue.key, reason: error.description))
        }
    }

    private func lease(_ subnet: SubnetKey, _ attributes: LeaseAttributes, _ keyValue: KeyValue) -> Lease {
        Lease(
            subnet: subnet, attributes: attributes, revision: keyValue.modRevision,
            leaseID: keyValue.lease?.rawValue ?? 0, createRevision: keyValue.createRevision)
    }

    private func ask<Answer>(_ call: (any KeyValueStore) throws(StoreError) -> Answer) throws(SubnetError) -> Answer {
        do throws(StoreError) { return try call(store) } catch { throw .store(error) }
    }
}
