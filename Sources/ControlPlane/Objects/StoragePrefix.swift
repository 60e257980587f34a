package import KubeAPI

/// Where the objects of a resource lie in the store, as upstream lays them out: `/registry/` + this + `/` + path.
/// Versions of a resource, and the two groups that have Events, share one.
package struct StoragePrefix: Hashable, Sendable, CustomStringConvertible {
    package static let root = "/registry/"

    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }

    package init(_ type: ResourceType) {
        switch (type.group, type.plural) {
        case ("", "services"): self = .services
        case ("", "endpoints"): self = .endpoints
        case ("", "nodes"): self = .nodes
        case ("", "replicationcontrollers"): self = .replicationControllers
        case ("networking.k8s.io", "ingresses"): self = .ingresses
        case (let group, let plural)
        where type.isCustom || group == "apiextensions.k8s.io" || group == "apiregistration.k8s.io":
            self.init("\(group)/\(plural)")
        case (_, let plural): self.init(plural)
        }
    }

    package var description: String { rawValue }

    package func key(_ path: String) -> String { "\(Self.root)\(rawValue)/\(path)" }

    /// The namespace is empty for an object of the cluster.
    package func key(namespace: String, name: String) -> String { key(Self.path(namespace: namespace, name: name)) }

    package static func path(namespace: some StringProtocol, name: some StringProtocol) -> String {
        namespace.isEmpty ? String(name) : "\(namespace)/\(name)"
    }

    /// Takes a key apart; nil for one that is not of the layout. By bytes: a start takes all keys apart.
    package static func split(_ key: String) -> (storage: StoragePrefix, path: String)? {
        guard key.utf8.starts(with: root.utf8) else { return nil }
        var key = key
        return key.withUTF8 { bytes in
            let rest = UnsafeBufferPointer(rebasing: bytes[root.utf8.count...])
            guard var slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
            if hasTwoWords(rest[..<slash]) {
                guard let second = rest[(slash + 1)...].firstIndex(of: UInt8(ascii: "/")) else { return nil }
                slash = second
            }
            guard slash + 1 < rest.count else { return nil }
            return (
                StoragePrefix(String(decoding: rest[..<slash], as: UTF8.self)),
                String(decoding: rest[(slash + 1)...], as: UTF8.self)
            )
        }
    }

    /// Of the resource: custom resources, whose first word is a group, and upstream's exceptions.
    private static func hasTwoWords(_ first: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        first.elementsEqual("services".utf8) || first.elementsEqual("ranges".utf8)
            || first.contains(UInt8(ascii: "."))
    }
}

extension StoragePrefix {
    package static let configMaps = StoragePrefix("configmaps")
    package static let customResourceDefinitions = StoragePrefix("apiextensions.k8s.io/customresourcedefinitions")
    package static let clusterRoleBindings = StoragePrefix("clusterrolebindings")
    package static let clusterRoles = StoragePrefix("clusterroles")
    package static let endpointSlices = StoragePrefix("endpointslices")
    package static let endpoints = StoragePrefix("services/endpoints")
    package static let events = StoragePrefix("events")
    package static let ingressClasses = StoragePrefix("ingressclasses")
    package static let ingresses = StoragePrefix("ingress")
    package static let ipAddresses = StoragePrefix("ipaddresses")
    package static let leases = StoragePrefix("leases")
    package static let limitRanges = StoragePrefix("limitranges")
    package static let namespaces = StoragePrefix("namespaces")
    package static let nodes = StoragePrefix("minions")
    package static let persistentVolumeClaims = StoragePrefix("persistentvolumeclaims")
    package static let persistentVolumes = StoragePrefix("persistentvolumes")
    package static let podDisruptionBudgets = StoragePrefix("poddisruptionbudgets")
    package static let pods = StoragePrefix("pods")
    package static let priorityClasses = StoragePrefix("priorityclasses")
    package static let replicationControllers = StoragePrefix("controllers")
    package static let resourceQuotas = StoragePrefix("resourcequotas")
    package static let roleBindings = StoragePrefix("rolebindings")
    package static let roles = StoragePrefix("roles")
    package static let runtimeClasses = StoragePrefix("runtimeclasses")
    package static let secrets = StoragePrefix("secrets")
    package static let serviceAccounts = StoragePrefix("serviceaccounts")
    package static let serviceCIDRs = StoragePrefix("servicecidrs")
    package static let services = StoragePrefix("services/specs")
    package static let storageClasses = StoragePrefix("storageclasses")
}
