package import NetTypes

/// How the command line names the underlay.
package struct InterfaceRequest: Hashable, Sendable {
    package var names: [String]
    package var patterns: [String]
    package var reachable: IPAddress?
    package var publicIPv4: IPAddress?
    package var publicIPv6: IPAddress?
    /// Published in any case, whatever the choice is.
    package var overwrites: [IPFamily: IPAddress] = [:]

    package init(
        names: [String] = [], patterns: [String] = [], reachable: IPAddress? = nil, publicIPv4: IPAddress? = nil,
        publicIPv6: IPAddress? = nil
    ) {
        self.names = names
        self.patterns = patterns
        self.reachable = reachable
        self.publicIPv4 = publicIPv4
        self.publicIPv6 = publicIPv6
    }

    package func publicAddress(_ family: IPFamily) -> IPAddress? { family == .v4 ? publicIPv4 : publicIPv6 }

    var namesInterface: Bool { !names.isEmpty || !patterns.isEmpty || reachable != nil }
}

/// Why no interface can be the underlay.
package struct SelectionError: Error, Hashable, Sendable, CustomStringConvertible {
    package var reason: String
    package var description: String { reason }
}
