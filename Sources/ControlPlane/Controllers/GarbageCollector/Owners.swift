internal import Identity
internal import KubeAPI

extension User {
    /// Who the garbage collector is to admission and to the audit log.
    static let garbageCollector = User(
        name: "system:serviceaccount:kube-system:generic-garbage-collector",
        groups: [Group.serviceAccounts, Group.serviceAccounts(in: "kube-system"), Group.masters, Group.authenticated])
}

/// Finds the objects that owner references name.
struct OwnerLookup {
    struct Owner {
        var storage: StoragePrefix
        var path: String
        var header: ObjectHeader
    }

    enum Result {
        case present(Owner)
        case absent
        /// Its kind is not served, or it cannot be an owner of the object: nobody can say.
        case unknown
    }

    private let cluster: any Cluster
    private let types: [GroupKind: ResourceType]

    /// Knows the types that are served now.
    init(_ cluster: any Cluster) {
        self.cluster = cluster
        types = Dictionary(cluster.storedTypes.map { ($0.groupKind, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func find(_ reference: ObjectHeader.OwnerReference, for object: CachedObject) -> Result {
        guard let groupVersion = GroupVersion(apiVersion: reference.apiVersion),
            let type = types[GroupKind(group: groupVersion.group, kind: reference.kind)]
        else { return .unknown }
        // An object of the cluster cannot belong to one of a namespace, as the reference does not say which.
        if type.isNamespaced && object.namespace.isEmpty { return .unknown }
        let storage = StoragePrefix(type)
        let path = StoragePrefix.path(namespace: type.isNamespaced ? object.namespace : "", name: reference.name)
        guard let owner = cluster.cache.object(storage, path) else { return .absent }
        let header = owner.header
        // Another object of the same name is not the owner.
        return header.uid == reference.uid ? .present(Owner(storage: storage, path: path, header: header)) : .absent
    }
}

/// The owners of an object, sorted by what they mean for its life.
struct Owners {
    private(set) var hasLiving = false
    private(set) var isUncertain = false
    /// UIDs.
    private(set) var absent: [String] = []
    /// Owners that are being deleted in the foreground: they wait for the object to go.
    private(set) var waiting: [String] = []

    init(of object: CachedObject, _ header: ObjectHeader, _ lookup: OwnerLookup) {
        for reference in header.ownerReferences {
            switch lookup.find(reference, for: object) {
            case .unknown: isUncertain = true
            case .absent: absent.append(reference.uid)
            case .present(let owner):
                let isWaiting =
                    owner.header.deletionTimestamp != nil
                    && owner.header.finalizers.contains(GarbageCollector.foreground)
                if isWaiting { waiting.append(reference.uid) } else { hasLiving = true }
            }
        }
    }
}
