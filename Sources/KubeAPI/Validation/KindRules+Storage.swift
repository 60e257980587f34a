internal import JSON

extension KindRules {
    static let storage: [GroupKind: KindRules] = [
        GroupKind(group: "", kind: "PersistentVolume"): KindRules(check: StorageRules.checkVolume),
        GroupKind(group: "", kind: "PersistentVolumeClaim"): KindRules(check: StorageRules.checkClaim),
        GroupKind(group: "storage.k8s.io", kind: "StorageClass"): KindRules(check: { storage, old, report in
            guard let old else { return }
            for field in ["parameters", "provisioner", "reclaimPolicy"]
            where !(storage[field].value ?? .null).isEquivalent(to: old.member(field) ?? .null) {
                report.forbidden(storage[field], "updates to \(field) are forbidden.")
            }
            report.immutable(storage["volumeBindingMode"], old.member("volumeBindingMode"))
        }),
        GroupKind(group: "storage.k8s.io", kind: "VolumeAttachment"): KindRules(check: { attachment, old, report in
            report.requireText(attachment["spec"]["attacher"])
            report.requireText(attachment["spec"]["nodeName"])
            if let old, old.member("spec") != attachment["spec"].value {
                report.invalid(attachment["spec"], "field is immutable")
            }
        }),
        GroupKind(group: "storage.k8s.io", kind: "CSINode"): KindRules(check: { node, _, report in
            var names: Set<String> = []
            for driver in node["spec"]["drivers"].elements {
                report.requireText(driver["name"])
                report.requireText(driver["nodeID"])
                if !names.insert(driver["name"].text).inserted { report.duplicate(driver["name"]) }
            }
        }),
    ]
}

enum StorageRules {
    private static let accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
    /// The fields of a PersistentVolume's spec that are no source.
    private static let otherFields: Set<String> = [
        "capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions",
        "volumeMode", "nodeAffinity", "volumeAttributesClassName", UnknownFields.key,
    ]

    private static func modes(_ modes: Place, _ report: inout Report) {
        // Upstream names the list here, not the entry.
        for mode in modes.texts where !accessModes.contains(mode) {
            report.notSupported(Place(.string(mode), modes.path), accessModes)
        }
        if modes.texts.contains("ReadWriteOncePod"), modes.count > 1 {
            report.forbidden(modes, "may not use ReadWriteOncePod with other access modes")
        }
    }

    private static func sources(_ spec: JSONValue?) -> [JSONObject.Member] {
        (spec?.object?.members ?? []).filter { !otherFields.contains($0.key) }
    }

    @Sendable static func checkVolume(_ volume: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = volume["spec"]
        if spec["accessModes"].count == 0 { report.required(spec["accessModes"]) }
        modes(spec["accessModes"], &report)
        let capacity = spec["capacity"]
        if capacity.count == 0 { report.required(capacity) }
        if capacity.value?.member("storage") == nil || capacity.count > 1 {
            report.notSupported(capacity, ["storage"])
        }
        for (_, amount) in capacity.entries where Quantity(amount.text).map({ $0.nanos <= 0 }) ?? false {
            report.invalid(amount, "must be greater than zero")
        }
        let types = sources(spec.value).map(\.key)
        if types.isEmpty { report.required(spec, "must specify a volume type") }
        for extra in types.dropFirst() { report.forbidden(spec[extra], "may not specify more than 1 volume type") }
        if let type = types.first { VolumeRules.check(type, spec[type], &report) }
        if types.first == "hostPath", spec["hostPath"]["path"].text == "/",
            spec["persistentVolumeReclaimPolicy"].text == "Recycle"
        {
            report.forbidden(
                spec["persistentVolumeReclaimPolicy"], "may not be 'recycle' for a hostPath mount of '/'")
        }
        if types.first == "local", !spec["nodeAffinity"].isThere {
            report.required(spec["nodeAffinity"], "Local volume requires node affinity")
        }
        let affinity = spec["nodeAffinity"]
        if affinity["required"].isThere {
            AffinityRules.checkNodeSelector(affinity["required"], &report)
        } else if affinity.isThere {
            report.required(affinity["required"], "must specify required node constraints")
        }
        let attributes = spec["volumeAttributesClassName"]
        if attributes.isThere {
            if attributes.text.isEmpty { report.required(attributes, "an empty string is disallowed") }
            report.check(attributes, NameSyntax.subdomain)
            if types.first != "csi" {
                report.required(spec["csi"], "has to be specified when using volumeAttributesClassName")
            }
        }
        if !spec["storageClassName"].text.isEmpty { report.check(spec["storageClassName"], NameSyntax.subdomain) }
        guard let old else { return }
        if sources(spec.value) != sources(old.member("spec")) {
            report.forbidden(
                Place(nil, spec.path.appending("persistentvolumesource")),
                "spec.persistentvolumesource is immutable after creation")
        }
        immutableMode(spec, old, &report)
        let former = old.member(at: "spec", "nodeAffinity")
        if let former, !affinity.json.isEquivalent(to: former) {
            report.invalid(
                Place(affinity.value, PlacePath("nodeAffinity")),
                "field is immutable, except for updating from beta label to GA")
        }
    }

    /// Upstream leaves "spec" out of this path.
    private static func immutableMode(_ spec: Place, _ old: JSONValue, _ report: inout Report) {
        report.immutable(
            Place(spec["volumeMode"].value, PlacePath("volumeMode")), old.member(at: "spec", "volumeMode"))
    }

    @Sendable static func checkClaim(_ claim: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = claim["spec"]
        if spec["accessModes"].count == 0 {
            report.required(spec["accessModes"], "at least 1 access mode is required")
        }
        modes(spec["accessModes"], &report)
        report.labelSelector(spec["selector"])
        let storage = Place(
            spec["resources"]["requests"].value?.member("storage"), spec["resources"].path[key: "storage"])
        if !storage.isThere {
            report.required(storage)
        } else if let amount = Quantity(storage.text), amount.nanos <= 0 {
            report.invalid(storage, "must be greater than zero")
        }
        if !spec["storageClassName"].text.isEmpty { report.check(spec["storageClassName"], NameSyntax.subdomain) }
        let (source, reference) = (spec["dataSource"], spec["dataSourceRef"])
        for source in [source, reference] where source.isThere { dataSource(source, &report) }
        if source.isThere, reference.isThere, !reference["namespace"].isThere,
            ["apiGroup", "kind", "name"].contains(where: { source[$0].text != reference[$0].text })
        {
            report.invalid(spec["dataSource"], [:], "must match dataSourceRef")
        }
        guard let old else { return }
        checkUpdate(claim, Place(old), &report)
        immutableMode(spec, old, &report)
    }

    private static func dataSource(_ source: Place, _ report: inout Report) {
        report.requireText(source["name"])
        report.requireText(source["kind"])
        let group = source["apiGroup"].text
        if !group.isEmpty {
            report.check(source["apiGroup"], NameSyntax.subdomain)
        } else if source["kind"].text != "PersistentVolumeClaim" {
            report.invalid(
                source["kind"], .string(source["kind"].text),
                "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
        }
    }

    private static func checkUpdate(_ claim: Place, _ oldClaim: Place, _ report: inout Report) {
        let (spec, old) = (claim["spec"], oldClaim["spec"])
        let isBound = claim["status"]["phase"].text == "Bound"
        func rest(_ spec: JSONValue) -> JSONValue {
            var spec = spec
            if isBound {
                spec.updateMember("resources") { resources in
                    resources.updateMember("requests") { $0.setMember("storage", nil) }
                }
                spec.setMember("volumeAttributesClassName", nil)
            }
            if old["volumeName"].text.isEmpty { spec.setMember("volumeName", nil) }
            // A class may be given to a claim that has none.
            if old["storageClassName"].value == nil { spec.setMember("storageClassName", nil) }
            return spec
        }
        if !rest(spec.json).isEquivalent(to: rest(old.json)) {
            report.forbidden(
                spec,
                "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
            )
        }
        let requests = spec["resources"]["requests"]
        // A growth that failed may be taken back, down to what there is.
        if let now = Quantity(requests["storage"].text),
            let was = Quantity(old["resources"]["requests"]["storage"].text), now < was,
            let size = Quantity(oldClaim["status"]["capacity"]["storage"].text), now <= size
        {
            report.forbidden(
                Place(nil, requests.path.appending("storage")), "field can not be less than status.capacity")
        }
        let attributes = spec["volumeAttributesClassName"]
        if old["volumeAttributesClassName"].isThere {
            if !attributes.isThere { report.forbidden(attributes, "update from non-nil value to nil is forbidden") }
            if attributes.value == "", old["volumeAttributesClassName"].value != "" {
                report.forbidden(attributes, "update from non-nil value to an empty string is forbidden")
            }
        }
    }
}
