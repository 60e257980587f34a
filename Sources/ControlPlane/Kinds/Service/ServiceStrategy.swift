internal import JSON
internal import KubeAPI
internal import NetTypes

/// Services: what the server assigns to them, and what an update may not change.
final class ServiceStrategy: ResourceStrategy {
    /// The cluster's families, the primary one first.
    private let families: [IPFamily]
    private let allocator: ServiceAllocator

    init(families: [IPFamily], allocator: ServiceAllocator) {
        self.families = families
        self.allocator = allocator
    }

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        var service = ServiceNetworking(service: operation.object)
        service.normalizeClusterIPs(old: nil)
        service.write(into: &operation.object)
        operation.object.set(["loadBalancer": [:]], at: "status")
    }

    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.subresource.isEmpty, let before = operation.old else { return }
        let old = ServiceNetworking(service: before)
        var service = ServiceNetworking(service: operation.object)
        service.normalizeClusterIPs(old: old)
        service.dropFieldsOfFormerType(old: old)
        service.keepAssigned(from: old)
        service.write(into: &operation.object)
        // Without a load balancer there is nothing for its status to say.
        if old.type == .loadBalancer && service.type != .loadBalancer {
            operation.object.set(["loadBalancer": [:]], at: "status")
        }
    }

    func allocate(_ operation: WriteOperation) throws(APIStatus) {
        guard operation.subresource.isEmpty || operation.subresource == "status", operation.verb != .delete else {
            return
        }
        // The write that takes the last finalizer away ends the Service.
        let isDeleting = operation.object.at("metadata", "deletionTimestamp") != nil
        if isDeleting && operation.object.list("metadata", "finalizers").isEmpty { return releaseAll(operation) }
        guard operation.subresource.isEmpty else { return }
        let old = operation.old.map { ServiceNetworking(service: $0) }
        var service = ServiceNetworking(service: operation.object)
        let addresses: ServiceIPPlan
        do throws(ServiceFieldErrors) {
            addresses = try ServiceIPPlan.make(&service, old: old, families: families)
        } catch {
            throw .invalid(operation.type.groupKind, operation.name, error.causes)
        }
        if let old {
            let causes = service.immutableAddressCauses(old: old)
            if !causes.isEmpty { throw .invalid(operation.type.groupKind, operation.name, causes) }
        }
        for claim in addresses.claims { service.assign(try allocator.take(claim, for: operation), to: claim) }
        let ports = NodePortPlan(service, old: old)
        for claim in ports.claims { service.assign(try allocator.take(claim, for: operation), to: claim.target) }
        allocator.release(addresses.releases, of: operation)
        allocator.release(ports.releases, of: operation)
        service.write(into: &operation.object)
    }

    func prepareForDelete(_ operation: WriteOperation) throws(APIStatus) {
        // A Service that waits for its finalizers, or its dependents, keeps its addresses until it goes.
        let propagation = operation.deletion?.propagation
        let isHeld = propagation == .foreground || propagation == .orphan
        guard !isHeld, operation.object.list("metadata", "finalizers").isEmpty else { return }
        releaseAll(operation)
    }

    private func releaseAll(_ operation: WriteOperation) {
        let service = ServiceNetworking(service: operation.old ?? operation.object)
        allocator.release(service.addresses, of: operation)
        allocator.release(service.allNodePorts, of: operation)
    }
}
