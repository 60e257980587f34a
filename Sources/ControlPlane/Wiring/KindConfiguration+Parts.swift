internal import JSON
internal import NetTypes

/// Which kind has which strategy, which plugins are asked in which order, and which controllers run: the list to begin
/// with when looking for a kind's logic, or adding one.
extension KindConfiguration {
    package func install(into parts: inout APIServer.Parts) {
        for (storage, strategy) in strategies { parts.strategies[storage] = strategy }
        parts.admission.plugins += Self.plugins
        parts.controllers += ownControllers
    }

    private var strategies: [StoragePrefix: any ResourceStrategy] {
        let services = ServiceStrategy(
            families: serviceRanges.map(\.family), allocator: ServiceAllocator(nodePorts: nodePorts))
        return [
            .services: services,
            .pods: PodStrategy(),
            .namespaces: NamespaceStrategy(),
            .nodes: RuleStrategy(keepsFirstStatus: true),
            .secrets: SecretStrategy(),
            .customResourceDefinitions: CustomResourceDefinitionStrategy(),
            StoragePrefix("certificatesigningrequests"): CertificateSigningRequestStrategy(),
            StoragePrefix("jobs"): JobStrategy(),
            .replicationControllers: RuleStrategy(defaultPropagation: .orphan),
            .events: RuleStrategy(timeToLive: 3600, createsOnUpdate: true),
            .leases: RuleStrategy(createsOnUpdate: true, unconditional: false),
            .endpoints: RuleStrategy(createsOnUpdate: true),
            .limitRanges: RuleStrategy(createsOnUpdate: true),
            .roles: RuleStrategy(createsOnUpdate: true),
            .clusterRoles: RuleStrategy(createsOnUpdate: true),
            .roleBindings: RuleStrategy(createsOnUpdate: true),
            .clusterRoleBindings: RuleStrategy(createsOnUpdate: true),
            .podDisruptionBudgets: RuleStrategy(unconditional: false),
            .serviceCIDRs: RuleStrategy(unconditional: false),
            .ipAddresses: RuleStrategy(unconditional: false),
            .persistentVolumes: RuleStrategy(firstStatus: ["phase": "Pending"]),
            .persistentVolumeClaims: RuleStrategy(firstStatus: ["phase": "Pending"]),
        ]
    }

    /// In upstream's order.
    private static var plugins: [any AdmissionPlugin] {
        [
            NamespaceLifecycle(), CustomResourceLifecycle(), LimitRanger(), ServiceAccountPlugin(),
            TaintNodesByConditionPlugin(), PriorityPlugin(), DefaultTolerationSecondsPlugin(),
            DefaultStorageClassPlugin(), StorageObjectInUseProtectionPlugin(), PersistentVolumeClaimResizePlugin(),
            RuntimeClassPlugin(), DefaultIngressClassPlugin(), ResourceQuotaPlugin(),
        ]
    }

    private var ownControllers: [any Controller] {
        var controllers: [any Controller] = [
            BootstrapObjects.standard(), ServiceCIDRController(ranges: serviceRanges), NamespaceController(),
            NamespacePublisher.defaultServiceAccount(), GarbageCollector(), ServiceAddressRepair(),
            CustomResourceController(), ResourceQuotaController(), NodeTaintController(), StorageProtection(),
        ]
        if let range = serviceRanges.first.flatMap({ AddressRange($0) }) {
            controllers.append(KubernetesService(clusterIP: range.first, port: port))
        }
        if let rootCertificates {
            controllers.append(NamespacePublisher.rootAuthority(rootCertificates))
            controllers.append(NamespacePublisher.clientAuthority(rootCertificates))
        }
        let pools = podRanges.compactMap { subnetPool($0) }
        if !pools.isEmpty { controllers.append(NodeIPAMController(pools)) }
        let endpoints: [any Controller] = [
            EndpointSliceController(), EndpointsController(), EndpointSliceMirroring(),
        ]
        for controller in endpoints {
            controllers.append(
                self.controllers.always.contains(controller.name) ? controller : YieldingController(controller))
        }
        return controllers.filter { !self.controllers.never.contains($0.name) }
    }
}
