internal import NFTables
package import NetTypes

/// Whose a front is when several claim it: a ClusterIP before all others, then the first by name. The order in which they
/// came does not matter, so that every node and every restart decides alike.
struct FrontOwners: Sendable {
    struct Claim: Hashable {
        var port: PortKey
        var isClusterIP: Bool

        func precedes(_ other: Claim) -> Bool {
            isClusterIP != other.isClusterIP ? isClusterIP : port < other.port
        }
    }

    private var owners: [Front: Claim] = [:]
    /// All claims of fronts that more than one has claimed.
    private var contested: [Front: Set<Claim>] = [:]

    /// A port asks for other fronts than before; nil for one that is not there. Returns the other ports whose fronts change
    /// hands: they have to be looked at again.
    mutating func change(_ key: PortKey, from before: ServicePort?, to after: ServicePort?) -> Set<PortKey> {
        let old = before?.fronts(key.name.transport) ?? []
        let new = after?.fronts(key.name.transport) ?? []
        if old == new { return [] }
        var disturbed: Set<PortKey> = []
        for front in old where !new.contains(front) || (front == old.first) != (front == new.first) {
            release(front, Claim(port: key, isClusterIP: front == old.first), &disturbed)
        }
        for front in new { claim(front, Claim(port: key, isClusterIP: front == new.first), &disturbed) }
        disturbed.remove(key)
        return disturbed
    }

    /// What of a port is its own; nil when another has its ClusterIP.
    func owned(_ port: ServicePort, by key: PortKey) -> ServicePort? {
        port.keeping(key.name.transport) { isOwned($0, by: key) }
    }

    private mutating func claim(_ front: Front, _ claim: Claim, _ disturbed: inout Set<PortKey>) {
        guard let owner = owners[front], owner != claim else { return owners[front] = claim }
        contested[front, default: [owner]].insert(claim)
        if claim.precedes(owner) {
            owners[front] = claim
            disturbed.insert(owner.port)
        }
    }

    private mutating func release(_ front: Front, _ claim: Claim, _ disturbed: inout Set<PortKey>) {
        guard var claims = contested[front] else {
            if owners[front] == claim { owners[front] = nil }
            return
        }
        claims.remove(claim)
        contested[front] = claims.count > 1 ? claims : nil
        if owners[front] == claim {
            owners[front] = claims.reduce(nil) { first, next in first.map { $0.precedes(next) ? $0 : next } ?? next }
            if let heir = owners[front] { disturbed.insert(heir.port) }
        }
    }

    func owner(of place: FrontPlace) -> PortKey? { owners[place.front]?.port }

    private func isOwned(_ front: Front, by port: PortKey) -> Bool { owners[front]?.port == port }
}

/// One family of one port.
package struct PortKey: Hashable, Comparable, Sendable {
    package var name: ServicePortName
    package var family: IPFamily

    package init(_ name: ServicePortName, _ family: IPFamily) {
        self.name = name
        self.family = family
    }

    package static func < (a: Self, b: Self) -> Bool {
        let (x, y) = (a.name, b.name)
        if x.namespace != y.namespace { return x.namespace < y.namespace }
        if x.service != y.service { return x.service < y.service }
        if x.port != y.port { return x.port < y.port }
        if x.transport != y.transport { return x.transport.rawValue < y.transport.rawValue }
        return a.family == .v4 && b.family == .v6
    }
}
