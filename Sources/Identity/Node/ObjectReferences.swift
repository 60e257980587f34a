internal import JSON

/// What pods and volumes refer to, and a kubelet therefore needs to read.
enum ObjectReferences {
    private static let containerLists = ["initContainers", "containers", "ephemeralContainers"]

    /// The Secrets that a pod's kubelet reads: pull secrets, environments, volumes.
    static func secrets(of pod: JSONValue) -> Set<String> {
        var names = names(of: pod, environment: "secretRef", key: "secretKeyRef")
        for reference in pod.member(at: "spec", "imagePullSecrets")?.array ?? [] {
            insert(reference.member("name"), into: &names)
        }
        for volume in volumes(of: pod) {
            insert(volume.member(at: "secret", "secretName"), into: &names)
            insert(volume.member(at: "azureFile", "secretName"), into: &names)
            insert(volume.member(at: "csi", "nodePublishSecretRef", "name"), into: &names)
            for kind in volumeKindsWithSecretReference {
                insert(volume.member(at: kind, "secretRef", "name"), into: &names)
            }
            for source in projectedSources(of: volume) { insert(source.member(at: "secret", "name"), into: &names) }
        }
        return names
    }

    static func configMaps(of pod: JSONValue) -> Set<String> {
        var names = names(of: pod, environment: "configMapRef", key: "configMapKeyRef")
        for volume in volumes(of: pod) {
            insert(volume.member(at: "configMap", "name"), into: &names)
            for source in projectedSources(of: volume) { insert(source.member(at: "configMap", "name"), into: &names) }
        }
        return names
    }

    static func persistentVolumeClaims(of pod: JSONValue) -> Set<String> {
        var names: Set<String> = []
        for volume in volumes(of: pod) {
            insert(volume.member(at: "persistentVolumeClaim", "claimName"), into: &names)
            // The claim of an ephemeral volume is named after pod and volume.
            if volume.member("ephemeral") != nil, let pod = pod.member(at: "metadata", "name")?.string,
                let volume = volume.member("name")?.string
            {
                names.insert("\(pod)-\(volume)")
            }
        }
        return names
    }

    static func resourceClaims(of pod: JSONValue) -> Set<String> {
        var names: Set<String> = []
        for claim in pod.member(at: "spec", "resourceClaims")?.array ?? [] {
            insert(claim.member("resourceClaimName"), into: &names)
        }
        for status in pod.member(at: "status", "resourceClaimStatuses")?.array ?? [] {
            insert(status.member("resourceClaimName"), into: &names)
        }
        insert(pod.member(at: "status", "extendedResourceClaimStatus", "resourceClaimName"), into: &names)
        return names
    }

    /// The Secrets, as namespace and name, that a kubelet reads to mount a PersistentVolume.
    static func secrets(ofVolume volume: JSONValue) -> [(namespace: String, name: String)] {
        let spec = volume.member("spec")
        let claimNamespace = spec?.member(at: "claimRef", "namespace")?.string ?? ""
        var secrets: [(namespace: String, name: String)] = []
        func add(_ name: JSONValue?, _ namespace: JSONValue?) {
            guard let name = name?.string, !name.isEmpty else { return }
            let own = namespace?.string ?? ""
            secrets.append((own.isEmpty ? claimNamespace : own, name))
        }
        add(spec?.member(at: "azureFile", "secretName"), spec?.member(at: "azureFile", "secretNamespace"))
        let references =
            volumeKindsWithSecretReference.map { spec?.member(at: $0, "secretRef") }
            + ["nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef"].map { spec?.member(at: "csi", $0) }
        for reference in references { add(reference?.member("name"), reference?.member("namespace")) }
        return secrets
    }

    static func volumes(of pod: JSONValue) -> [JSONValue] { pod.member(at: "spec", "volumes")?.array ?? [] }

    static func projectedSources(of volume: JSONValue) -> [JSONValue] {
        volume.member(at: "projected", "sources")?.array ?? []
    }

    private static let volumeKindsWithSecretReference = [
        "cephfs", "cinder", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos",
    ]

    private static func names(of pod: JSONValue, environment: String, key: String) -> Set<String> {
        var names: Set<String> = []
        for list in containerLists {
            for container in pod.member(at: "spec", list)?.array ?? [] {
                for source in container.member("envFrom")?.array ?? [] {
                    insert(source.member(at: environment, "name"), into: &names)
                }
                for variable in container.member("env")?.array ?? [] {
                    insert(variable.member(at: "valueFrom", key, "name"), into: &names)
                }
            }
        }
        return names
    }

    private static func insert(_ name: JSONValue?, into names: inout Set<String>) {
        if let name = name?.string, !name.isEmpty { names.insert(name) }
    }
}
