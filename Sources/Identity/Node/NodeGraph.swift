package import JSON

/// Which objects belong to which node: those that its pods refer to, directly or through volumes. It belongs to the event
/// loop, which hands it every change of the five resources that it reads.
package final class NodeGraph {
    enum Kind: Hashable {
        case pod
        case secret
        case configMap
        case serviceAccount
        case persistentVolumeClaim
        case persistentVolume
        case resourceClaim
        case volumeAttachment
        case resourceSlice
    }

    struct Object: Hashable {
        let kind: Kind
        let namespace: String
        let name: String
    }

    private struct Pod: Equatable {
        let node: String
        let objects: Set<Object>
    }

    private struct Volume {
        let claim: Object
        let secrets: Set<Object>
    }

    private var pods: [Object: Pod] = [:]
    /// How many pods of which node refer to the object.
    private var nodes: [Object: [String: Int]] = [:]
    private var volumes: [String: Volume] = [:]
    /// The volumes that need a Secret.
    private var volumesOfSecret: [Object: Set<String>] = [:]
    /// Attachments and slices: they name their node.
    private var owners: [Object: String] = [:]

    package init() {}

    /// Takes an object of pods, persistentvolumes, volumeattachments or resourceslices as it is now, nil when it is gone;
    /// others are ignored.
    package func apply(resource: String, namespace: String, name: String, object: JSONValue?) {
        switch resource {
        case "pods": setPod(Object(kind: .pod, namespace: namespace, name: name), object)
        case "persistentvolumes": setVolume(name, object)
        case "volumeattachments":
            owners[Object(kind: .volumeAttachment, namespace: "", name: name)] =
                object?.member(at: "spec", "nodeName")?.string
        case "resourceslices":
            owners[Object(kind: .resourceSlice, namespace: "", name: name)] =
                object?.member(at: "spec", "nodeName")?.string
        default: break
        }
    }

    /// Whether the node has business with the object.
    func isRelated(_ object: Object, to node: String) -> Bool {
        switch object.kind {
        case .volumeAttachment, .resourceSlice: return owners[object] == node
        case .persistentVolume:
            guard let claim = volumes[object.name]?.claim else { return false }
            return nodes[claim]?[node] != nil
        default:
            if nodes[object]?[node] != nil { return true }
            guard object.kind == .secret, let names = volumesOfSecret[object] else { return false }
            return names.contains { name in volumes[name].map { nodes[$0.claim]?[node] != nil } ?? false }
        }
    }

    private func setPod(_ key: Object, _ object: JSONValue?) {
        let new = object.flatMap { pod(key, $0) }
        let old = pods[key]
        if old == new { return }
        for object in old?.objects ?? [] { count(object, old?.node ?? "", -1) }
        for object in new?.objects ?? [] { count(object, new?.node ?? "", 1) }
        pods[key] = new
    }

    /// Nil for a pod that is on no node.
    private func pod(_ key: Object, _ object: JSONValue) -> Pod? {
        guard let node = object.member(at: "spec", "nodeName")?.string, !node.isEmpty else { return nil }
        var objects: Set<Object> = [key]
        // A mirror pod is made by the kubelet itself: it must not give itself access to anything.
        let isMirror = object.member(at: "metadata", "annotations", "kubernetes.io/config.mirror") != nil
        if isMirror { return Pod(node: node, objects: objects) }
        func add(_ kind: Kind, _ names: Set<String>) {
            for name in names { objects.insert(Object(kind: kind, namespace: key.namespace, name: name)) }
        }
        add(.secret, ObjectReferences.secrets(of: object))
        add(.configMap, ObjectReferences.configMaps(of: object))
        add(.persistentVolumeClaim, ObjectReferences.persistentVolumeClaims(of: object))
        add(.resourceClaim, ObjectReferences.resourceClaims(of: object))
        if let account = object.member(at: "spec", "serviceAccountName")?.string, !account.isEmpty {
            add(.serviceAccount, [account])
        }
        return Pod(node: node, objects: objects)
    }

    private func count(_ object: Object, _ node: String, _ change: Int) {
        let count = (nodes[object]?[node] ?? 0) + change
        nodes[object, default: [:]][node] = count > 0 ? count : nil
        if nodes[object]?.isEmpty == true { nodes[object] = nil }
    }

    private func setVolume(_ name: String, _ object: JSONValue?) {
        for secret in volumes[name]?.secrets ?? [] {
            volumesOfSecret[secret]?.remove(name)
            if volumesOfSecret[secret]?.isEmpty == true { volumesOfSecret[secret] = nil }
        }
        volumes[name] = nil
        guard let object, let claim = object.member(at: "spec", "claimRef", "name")?.string,
            let namespace = object.member(at: "spec", "claimRef", "namespace")?.string
        else { return }
        let secrets = Set(
            ObjectReferences.secrets(ofVolume: object).map {
                Object(kind: .secret, namespace: $0.namespace, name: $0.name)
            })
        volumes[name] = Volume(
            claim: Object(kind: .persistentVolumeClaim, namespace: namespace, name: claim), secrets: secrets)
        for secret in secrets { volumesOfSecret[secret, default: []].insert(name) }
    }
}
