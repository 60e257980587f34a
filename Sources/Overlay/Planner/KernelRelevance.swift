internal import NetTypes
package import Netlink

/// Whether an event of the kernel means that something must be looked at. Echoes of our own writes agree with what we
/// want, and so does everything that is none of our business; neither costs a pass.
package struct KernelRelevance {
    package enum Answer: Hashable, Sendable {
        case nothing
        /// Something of ours is not as it should be, or may not be.
        case repair
        /// The underlay, or the way to a peer, may have changed.
        case surroundings
    }

    let state: DesiredState?
    /// What each of our devices should be.
    let vteps: [InterfaceIndex: VTEPWish]
    let underlay: InterfaceIndex?
    /// The underlay is the interface of the default route, or is still to be found.
    let followsDefaultRoute: Bool
    /// Some peer waits for a route to its address.
    let hasFailures: Bool
    /// A device of ours could not be made; another's may stand in its way.
    let lacksDevice: Bool

    package init(
        state: DesiredState?, vteps: [InterfaceIndex: VTEPWish], underlay: InterfaceIndex?, followsDefaultRoute: Bool,
        hasFailures: Bool, lacksDevice: Bool = false
    ) {
        self.state = state
        self.vteps = vteps
        self.underlay = underlay
        self.followsDefaultRoute = followsDefaultRoute
        self.hasFailures = hasFailures
        self.lacksDevice = lacksDevice
    }

    package func judge(_ event: NetlinkEvent) -> Answer {
        switch event {
        case .linkChanged(let link):
            if let wish = vteps[link.index] {
                let isAsWanted = link.name == wish.name && (try? wish.linkSteps(found: link))?.isEmpty == true
                return isAsWanted ? .nothing : .repair
            }
            return judge(neighbouring: link)
        case .linkRemoved(let link): return vteps[link.index] == nil ? judge(neighbouring: link) : .repair
        case .addressChanged(let address) where vteps[address.interface]?.address == address.address: return .nothing
        case .addressChanged(let address), .addressRemoved(let address):
            if vteps[address.interface] != nil { return address.address.address.isLinkLocal ? .nothing : .repair }
            return address.interface == underlay || underlay == nil ? .surroundings : .nothing
        case .routeChanged(let route): return judge(route, isRemoval: false)
        case .routeRemoved(let route): return judge(route, isRemoval: true)
        case .neighbourChanged(let neighbour): return judge(neighbour, isRemoval: false)
        case .neighbourRemoved(let neighbour): return judge(neighbour, isRemoval: true)
        case .forwardingChanged(let entry): return judge(entry, isRemoval: false)
        case .forwardingRemoved(let entry): return judge(entry, isRemoval: true)
        case .overrun: return .repair
        case .portChanged, .portRemoved, .ruleChanged, .ruleRemoved: return .nothing
        }
    }

    private func judge(neighbouring link: Link) -> Answer {
        if link.index == underlay || underlay == nil || lacksDevice { return .surroundings }
        // A neighbour by DirectRouting may be behind any interface.
        return isRouted(by: link.index) ? .surroundings : .nothing
    }

    private func isRouted(by device: InterfaceIndex) -> Bool {
        guard let state, state.planner.config.isDirectRouting else { return false }
        return state.planner.facts.neighbours.values.contains(device)
    }

    private func judge(_ route: Route, isRemoval: Bool) -> Answer {
        guard route.table == .main, let state else { return .nothing }
        guard let network = state.planner.config[route.family]?.network else { return .nothing }
        var seen = FoundState()
        seen.insert(route, network: network, vtep: state.planner.facts[route.family]?.vtep)
        if let (key, found) = seen.entries.first { return judge(key, found, isRemoval: isRemoval) }
        if network.contains(route.destination) || route.protocolNumber == .poplin { return .nothing }
        if followsDefaultRoute && route.destination.prefixLength == 0 { return .surroundings }
        return state.planner.config.isDirectRouting || hasFailures ? .surroundings : .nothing
    }

    private func judge(_ neighbour: Neighbour, isRemoval: Bool) -> Answer {
        guard vteps[neighbour.interface] != nil, let state,
            let network = state.planner.config[neighbour.address.family]?.network
        else { return .nothing }
        var seen = FoundState()
        seen.insert(neighbour, network: network)
        if let (key, found) = seen.entries.first { return judge(key, found, isRemoval: isRemoval) }
        // No longer permanent, where it should be.
        return state.entries[.neighbour(device: neighbour.interface, neighbour.address)] == nil ? .nothing : .repair
    }

    private func judge(_ entry: ForwardingEntry, isRemoval: Bool) -> Answer {
        guard vteps[entry.interface] != nil, let state else { return .nothing }
        var seen = FoundState()
        seen.insert(entry)
        if let (key, found) = seen.entries.first { return judge(key, found, isRemoval: isRemoval) }
        return state.entries[.fdb(device: entry.interface, entry.mac)] == nil ? .nothing : .repair
    }

    private func judge(_ key: EntryKey, _ found: FoundEntry, isRemoval: Bool) -> Answer {
        let wanted = state?.entries[key]
        if isRemoval {
            guard let wanted else { return .nothing }
            // What we remove ourselves is ours and not as wanted. Another's that goes may have stood in our way.
            return wanted == found.entry || !found.isCollectable ? .repair : .nothing
        }
        if wanted == found.entry && found.ownership == .ours { return .nothing }
        if wanted == nil && !found.isCollectable { return .nothing }
        return .repair
    }
}
