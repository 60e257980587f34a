package import NetTypes

/// A route of the kernel's tables. Two that are equal here are the same route in every point that this layer sets, so
/// that wanted and existing routes can be compared as they are.
package struct Route: Hashable, Sendable {
    /// The default route is `family.everything`.
    package var destination: CIDR
    package var type: RouteType
    package var gateway: IPAddress?
    package var outputInterface: InterfaceIndex?
    package var preferredSource: IPAddress?
    /// Who made the route (rt_protos): routes of ours are told from others by it.
    package var protocolNumber: RouteProtocol
    package var scope: RouteScope
    package var table: RouteTable
    /// The metric: of two routes to one destination the lower one is taken.
    package var priority: UInt32
    /// The gateway is reached on `outputInterface` whatever the other routes say.
    package var isOnLink: Bool
    /// Path MTU and advertised TCP segment size for connections that take the route; nil for the device's.
    package var mtu: UInt32?
    package var advertisedMSS: UInt32?
    /// Several ways, instead of `gateway` and `outputInterface`; empty for an ordinary route.
    package var nextHops: [NextHop] = []

    /// Scope and priority are those that the kernel would say: universe through a gateway, link without one (IPv4), host
    /// for local addresses; 1024 for IPv6 and 0 for IPv4.
    package init(
        _ destination: CIDR, via gateway: IPAddress? = nil, dev outputInterface: InterfaceIndex? = nil,
        type: RouteType = .unicast, table: RouteTable = .main, protocolNumber: RouteProtocol = .boot,
        scope: RouteScope? = nil, priority: UInt32? = nil, source: IPAddress? = nil, isOnLink: Bool = false,
        nextHops: [NextHop] = []
    ) {
        self.destination = destination
        self.gateway = gateway
        self.outputInterface = outputInterface
        self.type = type
        self.table = table
        self.protocolNumber = protocolNumber
        self.preferredSource = source
        self.isOnLink = isOnLink
        self.nextHops = nextHops
        self.priority = priority ?? (destination.family == .v6 ? 1024 : 0)
        if let scope {
            self.scope = scope
        } else if destination.family == .v6 {
            self.scope = .universe
        } else if type == .local || type == .nat {
            self.scope = .host
        } else if type == .broadcast || type == .multicast || type == .anycast {
            self.scope = .link
        } else {
            let isDirect = type == .unicast && gateway == nil && nextHops.allSatisfy { $0.gateway == nil }
            self.scope = isDirect ? .link : .universe
        }
    }

    package var family: IPFamily { destination.family }
}

/// One of several ways of a route.
package struct NextHop: Hashable, Sendable {
    package var gateway: IPAddress?
    package var outputInterface: InterfaceIndex?
    /// Share of the traffic, 1 to 256.
    package var weight: Int
    package var isOnLink: Bool

    package init(
        via gateway: IPAddress? = nil, dev outputInterface: InterfaceIndex? = nil, weight: Int = 1,
        isOnLink: Bool = false
    ) {
        self.gateway = gateway
        self.outputInterface = outputInterface
        self.weight = weight
        self.isOnLink = isOnLink
    }
}

/// Kind of a route (linux/rtnetlink.h, RTN_*).
package struct RouteType: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let unicast = RouteType(rawValue: 1)
    package static let local = RouteType(rawValue: 2)
    package static let broadcast = RouteType(rawValue: 3)
    package static let anycast = RouteType(rawValue: 4)
    package static let multicast = RouteType(rawValue: 5)
    /// Drops without a word.
    package static let blackhole = RouteType(rawValue: 6)
    /// Refuses with an ICMP error.
    package static let unreachable = RouteType(rawValue: 7)
    package static let prohibit = RouteType(rawValue: 8)
    package static let `throw` = RouteType(rawValue: 9)
    package static let nat = RouteType(rawValue: 10)
}

/// How far away the destination is (linux/rtnetlink.h, RT_SCOPE_*).
package struct RouteScope: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let universe = RouteScope(rawValue: 0)
    package static let link = RouteScope(rawValue: 253)
    package static let host = RouteScope(rawValue: 254)
    package static let nowhere = RouteScope(rawValue: 255)
}

/// Who made a route (linux/rtnetlink.h, RTPROT_*; iproute2's rt_protos names more).
package struct RouteProtocol: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let kernel = RouteProtocol(rawValue: 2)
    package static let boot = RouteProtocol(rawValue: 3)
    package static let `static` = RouteProtocol(rawValue: 4)
}

package struct RouteTable: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let main = RouteTable(rawValue: 254)
    package static let local = RouteTable(rawValue: 255)
}

extension Route: CustomStringConvertible {
    package var description: String {
        var text = "route \(destination)"
        if type != .unicast { text += " type \(type.rawValue)" }
        if let gateway { text += " via \(gateway)" }
        if let outputInterface { text += " on link \(outputInterface)" }
        for hop in nextHops {
            text += " via \(hop.gateway.map { "\($0)" } ?? "itself") on link \(hop.outputInterface ?? 0)"
        }
        if table != .main { text += " in table \(table.rawValue)" }
        return text
    }
}
