package import KubeAPI

/// Which strategy writes of a resource go through.
package struct KindStrategies {
    private var strategies: [StoragePrefix: any ResourceStrategy]
    private let plain = PlainStrategy()

    package init(_ strategies: [StoragePrefix: any ResourceStrategy] = [:]) { self.strategies = strategies }

    package subscript(storage: StoragePrefix) -> (any ResourceStrategy)? {
        get { strategies[storage] }
        set { strategies[storage] = newValue }
    }

    package func strategy(of type: ResourceType) -> any ResourceStrategy { strategies[StoragePrefix(type)] ?? plain }

    /// Whether upstream counts `metadata.generation` for this kind.
    package func hasGeneration(_ type: ResourceType) -> Bool {
        type.isCustom || Self.withGeneration.contains(type.groupResource.description)
    }

    private static let withGeneration: Set<String> = [
        "pods", "replicationcontrollers", "deployments.apps", "replicasets.apps", "daemonsets.apps",
        "statefulsets.apps", "jobs.batch", "cronjobs.batch", "poddisruptionbudgets.policy",
        "ingresses.networking.k8s.io", "ingressclasses.networking.k8s.io", "networkpolicies.networking.k8s.io",
        "customresourcedefinitions.apiextensions.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io", "priorityclasses.scheduling.k8s.io",
        "flowschemas.flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        "resourceslices.resource.k8s.io", "deviceclasses.resource.k8s.io",
    ]
}
