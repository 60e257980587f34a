internal import JSON
internal import KubeAPI
internal import NetTypes
internal import Store

/// Draws what Services need: addresses from the ready ServiceCIDRs, and node ports.
///
/// What is in use is what the store says. An address is an IPAddress object of its name and a node port a key of its
/// number, both made in the transaction that writes the Service, on condition that they are not there yet: so several
/// servers on one store never give away the same one, and nothing is left over when a write fails. What writes on their
/// way have drawn is remembered until they end, to spare them the conflict.
final class ServiceAllocator {
    let nodePorts: NodePortRange
    private var addressesOnTheWay: Set<IPAddress> = []
    private var portsOnTheWay: Set<Int> = []

    init(nodePorts: NodePortRange) { self.nodePorts = nodePorts }

    /// Where a taken node port's key lies. Upstream has one bitmap for all, which it makes anew from the Services when it
    /// starts; one key each lets servers take different numbers at the same time.
    static let nodePortStorage = StoragePrefix("ranges/nodeports")

    /// What such a key says: whose it is, for people to read.
    static func owner(_ namespace: String, _ service: String) -> [UInt8] {
        let owner: JSONValue = ["service": .string("\(namespace)/\(service)")]
        return Array(owner.serialized().utf8)
    }

    // MARK: Addresses

    /// Takes an address for a claim, and adds its IPAddress to the operation.
    func take(_ claim: ServiceIPPlan.Claim, for operation: WriteOperation) throws(APIStatus) -> IPAddress {
        let cluster = operation.cluster
        let ranges = Self.ranges(cluster, claim.family)
        let address: IPAddress
        if let requested = claim.requested {
            let why = refusal(of: requested, ranges, cluster)
            if let why {
                let value = operation.object.at("spec", "clusterIPs") ?? .null
                throw .invalid(
                    operation.type.groupKind, operation.name,
                    [.invalid(ServiceField.clusterIPs, value, "failed to allocate IP \(requested): \(why)")])
            }
            address = requested
        } else {
            guard let drawn = draw(ranges, cluster) else {
                throw .internalError("failed to allocate a serviceIP: range is full")
            }
            address = drawn
        }
        try add(address, to: operation)
        return address
    }

    /// The ranges of a family from which addresses are given: those of ServiceCIDRs that are ready and stay.
    static func ranges(_ cluster: any Cluster, _ family: IPFamily) -> [AddressRange] {
        cluster.objects(.serviceCIDRs)
            .filter { $0.hasCondition("Ready") && $0.at("metadata", "deletionTimestamp") == nil }
            .flatMap { $0.texts("spec", "cidrs") }
            .compactMap { CIDR($0) }
            .filter { $0.family == family }
            .compactMap { AddressRange($0) }
    }

    private func refusal(of address: IPAddress, _ ranges: [AddressRange], _ cluster: any Cluster) -> String? {
        guard let range = ranges.first(where: { $0.cidr.contains(address) }) else {
            return "the provided network does not match the current range"
        }
        // In it and never given away: the network's own address, or its broadcast address.
        guard ranges.contains(where: { $0.contains(address) }) else {
            return "provided IP (\(address)) is not in the valid range. The range of valid IPs is \(range.cidr)"
        }
        return isTaken(address, cluster) ? "provided IP is already allocated" : nil
    }

    private func draw(_ ranges: [AddressRange], _ cluster: any Cluster) -> IPAddress? {
        var generator = SystemRandomNumberGenerator()
        for range in ranges {
            if let address = range.draw(using: &generator, isTaken: { isTaken($0, cluster) }) { return address }
        }
        return nil
    }

    private func isTaken(_ address: IPAddress, _ cluster: any Cluster) -> Bool {
        addressesOnTheWay.contains(address)
            || cluster.cache.object(.ipAddresses, namespace: "", name: address.description) != nil
    }

    private func add(_ address: IPAddress, to operation: WriteOperation) throws(APIStatus) {
        guard let type = operation.cluster.type(of: .ipAddresses) else {
            throw .internalError("ipaddresses are not served")
        }
        let owner = ServiceAddress(namespace: operation.namespace, service: operation.name, address: address)
        operation.companions.append(.create(type, owner.object))
        addressesOnTheWay.insert(address)
        operation.atEnd { [weak self] _ in self?.addressesOnTheWay.remove(address) }
    }

    /// Gives addresses back, if they are this Service's.
    func release(_ addresses: [IPAddress], of operation: WriteOperation) {
        for address in addresses {
            guard let object = operation.cluster.cache.object(.ipAddresses, namespace: "", name: address.description),
                let value = object.decoded,
                ServiceAddress(object: value)
                    == ServiceAddress(namespace: operation.namespace, service: operation.name, address: address)
            else { continue }
            operation.companions.append(
                .delete(.ipAddresses, path: object.path, expected: object.revision))
        }
    }

    // MARK: Node ports

    /// Takes a number for a claim, and adds its key to the operation.
    func take(_ claim: NodePortPlan.Claim, for operation: WriteOperation) throws(APIStatus) -> Int {
        let cluster = operation.cluster
        let port: Int
        if let requested = claim.requested {
            if let why = refusal(of: requested, cluster) { throw refuse(requested, claim.target, why, operation) }
            port = requested
        } else {
            var generator = SystemRandomNumberGenerator()
            guard let drawn = nodePorts.draw(using: &generator, isTaken: { isTaken($0, cluster) }) else {
                throw .internalError("failed to allocate a nodePort: range is full")
            }
            port = drawn
        }
        let owner = Self.owner(operation.namespace, operation.name)
        operation.companions.append(.raw(.create(Self.nodePortStorage.key("\(port)"), owner)))
        portsOnTheWay.insert(port)
        operation.atEnd { [weak self] _ in self?.portsOnTheWay.remove(port) }
        return port
    }

    private func refusal(of port: Int, _ cluster: any Cluster) -> String? {
        guard nodePorts.ports.contains(port) else {
            return "provided port is not in the valid range. The range of valid ports is \(nodePorts)"
        }
        return isTaken(port, cluster) ? "provided port is already allocated" : nil
    }

    private func refuse(_ port: Int, _ target: NodePortPlan.Target, _ why: String, _ operation: WriteOperation)
        -> APIStatus
    {
        guard case .ports(let places) = target, let index = places.first else {
            return .internalError("failed to allocate requested HealthCheck NodePort \(port): \(why)")
        }
        return .invalid(
            operation.type.groupKind, operation.name,
            [.invalid(ServiceField.nodePort(index), .number(JSONNumber(port)), why)])
    }

    private func isTaken(_ port: Int, _ cluster: any Cluster) -> Bool {
        portsOnTheWay.contains(port) || cluster.cache.object(Self.nodePortStorage, "\(port)") != nil
    }

    func release(_ ports: [Int], of operation: WriteOperation) {
        for port in ports {
            guard let object = operation.cluster.cache.object(Self.nodePortStorage, "\(port)") else { continue }
            operation.companions.append(
                .raw(.delete(Self.nodePortStorage.key("\(port)"), expected: object.revision)))
        }
    }
}
