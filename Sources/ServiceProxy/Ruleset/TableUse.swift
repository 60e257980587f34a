internal import NetTypes

/// What Services of each family use: a feature that none uses has no rules, and a hook without rules is not there.
package struct TableUse: Hashable, Sendable {
    package struct Features: OptionSet, Hashable, Sendable {
        package var rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let services = Features(rawValue: 1)
        package static let nodePorts = Features(rawValue: 2)
        package static let sourceRanges = Features(rawValue: 4)
        package static let endpointsHere = Features(rawValue: 8)
    }

    private var v4: Features = []
    private var v6: Features = []

    /// `count` says how many elements a set has.
    init(_ count: (ProxySet, IPFamily) -> Int) {
        v4 = Self.features { count($0, .v4) }
        v6 = Self.features { count($0, .v6) }
    }

    private static func features(_ count: (ProxySet) -> Int) -> Features {
        var features: Features = []
        if count(.clusterIPs) > 0 { features.insert(.services) }
        if count(.nodePorts) + count(.noEndpointNodePorts) > 0 { features.insert(.nodePorts) }
        if count(.firewalled) > 0 { features.insert(.sourceRanges) }
        if count(.hairpin) > 0 { features.insert(.endpointsHere) }
        return features
    }

    func families(with feature: Features) -> [IPFamily] {
        (v4.contains(feature) ? [.v4] : []) + (v6.contains(feature) ? [.v6] : [])
    }
}
