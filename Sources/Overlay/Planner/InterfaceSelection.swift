package import NetTypes
package import Netlink

/// What the choice of an underlay looks at.
package struct InterfaceCandidate: Hashable, Sendable {
    package var index: InterfaceIndex
    package var name: String
    package var mtu: Int
    package var addresses: [Address]

    package struct Address: Hashable, Sendable {
        package var address: IPAddress
        package var isGlobal: Bool
        /// Not leased by DHCP or a router's advertisement.
        package var isPermanent: Bool
        /// A privacy address, which will be replaced (RFC 8981).
        package var isTemporary: Bool
        /// Not to be used for new connections: deprecated, or duplicate address detection failed or goes on.
        package var isUnusable: Bool

        package init(
            _ address: IPAddress, isGlobal: Bool = true, isPermanent: Bool = true, isTemporary: Bool = false,
            isUnusable: Bool = false
        ) {
            self.address = address
            self.isGlobal = isGlobal
            self.isPermanent = isPermanent
            self.isTemporary = isTemporary
            self.isUnusable = isUnusable
        }
    }

    package init(index: InterfaceIndex, name: String, mtu: Int, addresses: [Address]) {
        self.index = index
        self.name = name
        self.mtu = mtu
        self.addresses = addresses
    }

    func has(_ address: IPAddress) -> Bool { addresses.contains { $0.address == address } }

    /// flannel's preference: global, permanent, not temporary; of equals the first.
    func best(_ family: IPFamily) -> IPAddress? {
        func rank(_ address: Address) -> Int {
            (address.isGlobal ? 0 : 4) + (address.isPermanent ? 0 : 2) + (address.isTemporary ? 1 : 0)
        }
        let usable = addresses.filter { $0.address.family == family && !$0.isUnusable }
        return usable.enumerated().min { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }?.element
            .address
    }
}

/// The network as the choice sees it.
package struct SelectionFacts: Hashable, Sendable {
    package var candidates: [InterfaceCandidate]
    /// Interfaces of the default route, the preferred first; several for a multipath route.
    package var defaultRoutes: [IPFamily: [InterfaceIndex]]
    /// By which interface the request's `reachable` address is reached.
    package var reachableBy: InterfaceIndex?

    package init(
        candidates: [InterfaceCandidate], defaultRoutes: [IPFamily: [InterfaceIndex]] = [:],
        reachableBy: InterfaceIndex? = nil
    ) {
        self.candidates = candidates
        self.defaultRoutes = defaultRoutes
        self.reachableBy = reachableBy
    }
}

extension Underlay {
    /// Chooses the underlay by flannel's rules. Of the interfaces that a name or pattern fits, one without an address of
    /// each family is passed over.
    package init(_ request: InterfaceRequest, _ facts: SelectionFacts, families: [IPFamily]) throws(SelectionError) {
        var reasons: [String] = []
        for candidate in try Self.candidates(request, facts, families) {
            switch Self.addresses(of: candidate, request, families) {
            case .success(let addresses):
                self.init(
                    index: candidate.index, name: candidate.name, mtu: candidate.mtu, v4: addresses[.v4],
                    v6: addresses[.v6])
                return
            case .failure(let error): reasons.append(error.reason)
            }
        }
        if reasons.isEmpty { reasons = ["no interface fits \(Self.describe(request))"] }
        throw SelectionError(reason: reasons.joined(separator: "; "))
    }

    private static func candidates(_ request: InterfaceRequest, _ facts: SelectionFacts, _ families: [IPFamily])
        throws(SelectionError) -> [InterfaceCandidate]
    {
        if request.namesInterface {
            let named = request.names.flatMap { name in
                let address = IPAddress(name)
                return facts.candidates.filter { candidate in
                    address.map(candidate.has) ?? (candidate.name == name)
                }
            }
            let matched = request.patterns.flatMap { matching($0, facts.candidates) }
            let reached = facts.candidates.filter { request.reachable != nil && $0.index == facts.reachableBy }
            return named + matched + reached
        }
        if let address = families.lazy.compactMap(request.publicAddress).first {
            let owners = facts.candidates.filter { $0.has(address) }
            if owners.isEmpty {
                throw SelectionError(
                    reason:
                        "no interface has the public address \(address); when it is a NAT's, name the interface with --iface"
                )
            }
            return owners
        }
        var common: [InterfaceIndex]?
        for family in families {
            guard let indices = facts.defaultRoutes[family], !indices.isEmpty else {
                throw SelectionError(reason: "no IP\(family) default route shows the underlay; name it with --iface")
            }
            common = common.map { $0.filter(indices.contains) } ?? indices
        }
        guard let common, !common.isEmpty else {
            throw SelectionError(
                reason: "the default routes of IPv4 and IPv6 use different interfaces; name one with --iface")
        }
        return common.compactMap { index in facts.candidates.first { $0.index == index } }
    }

    /// As flannel does: a pattern is tried on all addresses first, then on names.
    private static func matching(_ pattern: String, _ candidates: [InterfaceCandidate]) -> [InterfaceCandidate] {
        guard let expression = POSIXPattern(pattern) else { return [] }
        var result: [InterfaceCandidate] = []
        for candidate in candidates {
            for address in candidate.addresses where expression.matches(address.address.description) {
                result.append(candidate)
                break
            }
        }
        for candidate in candidates where !result.contains(candidate) && expression.matches(candidate.name) {
            result.append(candidate)
        }
        return result
    }

    private static func addresses(of candidate: InterfaceCandidate, _ request: InterfaceRequest, _ families: [IPFamily])
        -> Result<[IPFamily: Address], SelectionError>
    {
        var result: [IPFamily: Address] = [:]
        for family in families {
            guard let best = candidate.best(family) else {
                return .failure(SelectionError(reason: "\(candidate.name) has no usable IP\(family) address"))
            }
            let named = request.names.lazy.compactMap { IPAddress($0) }.first {
                $0.family == family && candidate.has($0)
            }
            let published = request.publicAddress(family)
            // A public address that no interface has belongs to a NAT, and must not be the source of our packets.
            let local = published.flatMap { candidate.has($0) ? $0 : nil } ?? named ?? best
            result[family] = Address(local: local, published: request.overwrites[family] ?? published ?? local)
        }
        return .success(result)
    }

    private static func describe(_ request: InterfaceRequest) -> String {
        let words =
            request.names.map { "--iface=\($0)" } + request.patterns.map { "--iface-regex=\($0)" }
            + (request.reachable.map { ["--iface-can-reach=\($0)"] } ?? [])
        return words.joined(separator: " ")
    }
}
