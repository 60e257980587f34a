internal import Linux
internal import NetTypes
internal import Netlink

/// CHECK of `bridge`: everything that the ADD made is there as the result says. What later plugins may have changed
/// (MAC address and MTU of the container's interface are, by `tuning`) follows from the result of the whole chain.
struct BridgeCheck {
    let call: Invocation
    let config: BridgeConfig
    let result: CNIResult

    func run() throws {
        let bridge = try node("bridge \(config.bridge)") { socket in try socket.link(.name(config.bridge)) }
        guard case .bridge = bridge.kind else { throw wrong("\(config.bridge) is not a bridge") }
        try require(bridge.isUp, "bridge \(config.bridge) is down")
        try checkMAC(bridge, interface(named: config.bridge, sandboxed: false))
        try checkPort(of: bridge)
        try checkContainer()
        if config.isGateway { try checkGateway(bridge) }
        try checkElements()
    }

    private func checkPort(of bridge: Link) throws {
        let state = try Bridge.state(call.attachment, call.machine.records("bridge"))
        guard
            let name = state?.port
                ?? result.interfaces.first(where: { $0.sandbox.isEmpty && $0.name != bridge.name })?.name
        else { throw wrong("prevResult names no interface of the node but the bridge") }
        let port = try node("port \(name)") { socket in try socket.link(.name(name)) }
        try require(port.masterIndex == bridge.index, "\(name) is not a port of \(bridge.name)")
        try require(port.isUp, "\(name) is down")
        try require((port.port?.hairpin ?? false) == config.hairpin, "hairpin of \(name) is not \(config.hairpin)")
        try require(
            (port.port?.isolated ?? false) == config.isolatesPort, "isolation of \(name) is not \(config.isolatesPort)")
        try checkMAC(port, interface(named: name, sandboxed: false))
    }

    private func checkContainer() throws {
        let name = call.environment.interfaceName
        let container = try call.requireNamespace()
        var socket = try NetlinkSocket(in: container.namespace)
        let link: Link
        do { link = try socket.link(.name(name)) } catch { throw wrong("no interface \(name) in \(container.path)") }
        try checkMAC(link, interface(named: name, sandboxed: true))
        if config.leavesInterfaceDown { return }
        try require(link.isUp, "\(name) is down")
        let addresses = try socket.addresses(on: link.index).map(\.address)
        for ip in result.containerIPs {
            try require(addresses.contains(ip.address), "\(name) lacks the address \(ip.address)")
        }
        // Routes in other tables and with other metrics are those of the same plan, so only the way is compared.
        let routes = try socket.routes(RouteFilter(table: nil, dev: link.index))
        for route in result.routes {
            let isThere = routes.contains { candidate in
                candidate.destination == route.destination.network
                    && (route.gateway == nil || candidate.gateway == route.gateway)
            }
            try require(isThere, "the container lacks the route to \(route.destination)")
        }
    }

    private func checkGateway(_ bridge: Link) throws {
        if config.vlan == nil {
            let addresses = try node("addresses") { socket in try socket.addresses(on: bridge.index) }.map(\.address)
            for ip in result.containerIPs {
                guard let gateway = ip.gateway else { continue }
                let wanted = CIDR(gateway, ip.address.prefixLength)
                try require(addresses.contains(wanted), "\(config.bridge) lacks the address \(wanted)")
            }
        }
        for family in IPFamily.allCases where result.containerIPs.contains(where: { $0.address.family == family }) {
            let setting = family.forwardingSetting
            try require(try Sysctl.read(setting) == "1", "\(setting) is off: the node does not forward")
        }
    }

    private func checkElements() throws {
        // Without a record it is an attachment of the reference plugin, whose rules are its own.
        guard let state = try Bridge.state(call.attachment, call.machine.records("bridge")) else { return }
        let label = call.attachment.label
        if config.masquerades {
            try call.machine.kernel.requireElements(
                MasqueradeTable.elements(result.containerIPs.map(\.address), label: label))
        }
        if config.checksSpoofing {
            try call.machine.kernel.requireElements(
                SpoofCheckTable.elements(port: state.port, mac: state.mac, label: label))
        }
    }

    private func interface(named name: String, sandboxed: Bool) -> CNIResult.Interface? {
        result.interfaces.first { $0.name == name && $0.sandbox.isEmpty != sandboxed }
    }

    private func checkMAC(_ link: Link, _ wanted: CNIResult.Interface?) throws {
        guard let wanted, let mac = MACAddress(wanted.mac) else { return }
        try require(
            link.mac == mac, "\(link.name) has the MAC address \(link.mac.map { "\($0)" } ?? "none"), not \(mac)")
    }

    private func node<Value>(_ what: String, _ body: (inout NetlinkSocket) throws -> Value) throws -> Value {
        do { return try call.machine.kernel.routing(body) } catch let error as NetlinkError where error.isNotFound {
            throw wrong("\(what) is missing")
        }
    }

    private func require(_ condition: @autoclosure () throws -> Bool, _ problem: @autoclosure () -> String) throws {
        if try !condition() { throw wrong(problem()) }
    }

    private func wrong(_ problem: String) -> CNIError {
        CNIError(.internalFailure, "CHECK of \(call.attachment) failed: \(problem)")
    }
}
