internal import JSON

extension ResourceTable {
    /// Volumes, their classes and drivers.
    static let storage: Group = [
        (("", "PersistentVolume"), volume), (("", "PersistentVolumeClaim"), claim),
        (
            ("storage.k8s.io", "StorageClass"),
            ResourceTable("Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age") {
                [
                    .string(
                        className(
                            $0, "storageclass.kubernetes.io/is-default-class",
                            "storageclass.beta.kubernetes.io/is-default-class")), $0.cell("provisioner"),
                    .string($0.text("reclaimPolicy", or: "Delete")),
                    .string($0.text("volumeBindingMode", or: "Immediate")), .bool($0.isTrue("allowVolumeExpansion")),
                    $0.age($1),
                ]
            }
        ),
        (
            ("storage.k8s.io", "VolumeAttributesClass"),
            ResourceTable("Name|DriverName|Age") {
                [
                    .string(className($0, "storage.alpha.kubernetes.io/is-default-class")), $0.cell("driverName"),
                    $0.age($1),
                ]
            }
        ),
        (
            ("storage.k8s.io", "VolumeAttachment"),
            ResourceTable("Name|Attacher|PV|Node|Attached:boolean|Age") {
                [
                    $0.name, $0.cell("spec", "attacher"), $0.cell("spec", "source", "persistentVolumeName"),
                    $0.cell("spec", "nodeName"), .bool($0.isTrue("status", "attached")), $0.age($1),
                ]
            }
        ),
        (
            ("storage.k8s.io", "CSINode"),
            ResourceTable("Name|Drivers:integer|Age") {
                [$0.name, .count($0.list("spec", "drivers").count), $0.age($1)]
            }
        ),
        (
            ("storage.k8s.io", "CSIDriver"),
            ResourceTable(
                "Name|AttachRequired:boolean|PodInfoOnMount:boolean|StorageCapacity:boolean|TokenRequests"
                    + "|RequiresRepublish:boolean|Modes|Age"
            ) {
                let tokens = $0.list("spec", "tokenRequests").map { $0.text("audience") }
                let modes = $0.list("spec", "volumeLifecycleModes").compactMap(\.string)
                return [
                    $0.name, .bool($0.member(at: "spec", "attachRequired")?.bool ?? true),
                    .bool($0.isTrue("spec", "podInfoOnMount")), .bool($0.isTrue("spec", "storageCapacity")),
                    .string(Cells.joined(tokens, absent: "<unset>")), .bool($0.isTrue("spec", "requiresRepublish")),
                    .string(Cells.joined(modes)), $0.age($1),
                ]
            }
        ),
        (
            ("storage.k8s.io", "CSIStorageCapacity"),
            ResourceTable("Name|StorageClassName|Capacity") { object, _ in
                let capacity = object.has("capacity") ? (object.member("capacity") ?? .null).quantityText : "<unset>"
                return [object.name, object.cell("storageClassName"), .string(capacity)]
            }
        ),
    ]

    private static let volume = ResourceTable(
        "Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|VolumeAttributesClass|Reason|Age|VolumeMode+"
    ) { volume, now in
        let reference = volume.member(at: "spec", "claimRef") ?? .null
        let claim = reference.isNull ? "" : "\(reference.text("namespace"))/\(reference.text("name"))"
        return [
            volume.name, .string((volume.member(at: "spec", "capacity", "storage") ?? "0").quantityText),
            .string(Cells.accessModes(volume.list("spec", "accessModes"))),
            volume.cell("spec", "persistentVolumeReclaimPolicy"), .string(phase(volume)), .string(claim),
            .string(storageClass(volume)), .string(volume.text("spec", "volumeAttributesClassName", or: "<unset>")),
            volume.cell("status", "reason"), volume.age(now), .string(volume.text("spec", "volumeMode", or: "<unset>")),
        ]
    }

    private static let claim = ResourceTable(
        "Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|VolumeMode+"
    ) { claim, now in
        let isBound = !claim.text("spec", "volumeName").isEmpty
        let capacity = isBound ? (claim.member(at: "status", "capacity", "storage") ?? "0").quantityText : ""
        let modes = isBound ? Cells.accessModes(claim.list("status", "accessModes")) : ""
        return [
            claim.name, .string(phase(claim)), claim.cell("spec", "volumeName"), .string(capacity), .string(modes),
            .string(storageClass(claim)), .string(claim.text("spec", "volumeAttributesClassName", or: "<unset>")),
            claim.age(now), .string(claim.text("spec", "volumeMode", or: "<unset>")),
        ]
    }

    private static func phase(_ object: JSONValue) -> String {
        object.has("metadata", "deletionTimestamp") ? "Terminating" : object.text("status", "phase")
    }

    /// The annotation is what volumes had before they had the field.
    private static func storageClass(_ object: JSONValue) -> String {
        object.text(
            "metadata", "annotations", "volume.beta.kubernetes.io/storage-class",
            or: object.text("spec", "storageClassName"))
    }

    private static func className(_ object: JSONValue, _ annotations: String...) -> String {
        let name = object.text("metadata", "name")
        let isDefault = annotations.contains { object.text("metadata", "annotations", $0) == "true" }
        return isDefault ? "\(name) (default)" : name
    }
}
