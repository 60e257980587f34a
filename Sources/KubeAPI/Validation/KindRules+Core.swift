internal import JSON

extension KindRules {
    static let core: [GroupKind: KindRules] = [
        GroupKind(group: "", kind: "Namespace"): KindRules(
            check: { namespace, _, report in
                ObjectMetaRules.checkNamespace(finalizers: namespace["spec"]["finalizers"], &report)
            }, name: NameSyntax.label),
        GroupKind(group: "", kind: "ConfigMap"): KindRules(check: ConfigRules.checkConfigMap),
        GroupKind(group: "", kind: "Secret"): KindRules(check: ConfigRules.checkSecret),
        GroupKind(group: "", kind: "Event"): KindRules(check: EventRules.checkCore),
        GroupKind(group: "events.k8s.io", kind: "Event"): KindRules(check: EventRules.check),
        GroupKind(group: "", kind: "Pod"): KindRules(check: PodRules.check),
        GroupKind(group: "", kind: "PodTemplate"): KindRules(check: { template, _, report in
            WorkloadRules.checkTemplate(template["template"], &report)
        }),
        GroupKind(group: "", kind: "Service"): KindRules(check: ServiceRules.check, name: NameSyntax.label1035),
        GroupKind(group: "", kind: "Endpoints"): KindRules(check: EndpointRules.checkEndpoints),
        GroupKind(group: "", kind: "ResourceQuota"): KindRules(check: QuotaRules.check),
        GroupKind(group: "", kind: "LimitRange"): KindRules(check: LimitRules.check),
        GroupKind(group: "coordination.k8s.io", kind: "Lease"): KindRules(check: { lease, _, report in
            let spec = lease["spec"]
            if let duration = spec["leaseDurationSeconds"].int, duration <= 0 {
                report.invalid(spec["leaseDurationSeconds"], "must be greater than 0")
            }
            report.nonnegative(spec["leaseTransitions"])
            let (strategy, holder) = (spec["strategy"], spec["preferredHolder"])
            if strategy.isThere, !strategy.text.contains("/"), strategy.text != "OldestEmulationVersion" {
                report.notSupported(strategy, ["OldestEmulationVersion"])
            }
            if !holder.text.isEmpty, strategy.text.isEmpty {
                report.forbidden(holder, "may only be specified if `strategy` is defined")
            }
        }),
    ]
}

/// ConfigMaps and Secrets: bytes by keys.
enum ConfigRules {
    /// In bytes, keys and values together.
    private static let sizeLimit = 1_048_576

    /// Of a text in base64.
    private static func byteCount(_ text: String) -> Int {
        text.utf8.count / 4 * 3 - text.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
    }

    @Sendable static func checkConfigMap(_ map: Place, _ old: JSONValue?, _ report: inout Report) {
        var size = 0
        for (key, place) in map["data"].entries {
            for problem in NameSyntax.configKey(key) { report.invalid(place, .string(key), problem) }
            if map["binaryData"].value?.member(key) != nil {
                report.invalid(place, .string(key), "duplicate of key present in binaryData")
            }
            size += place.text.utf8.count
        }
        for (key, place) in map["binaryData"].entries {
            for problem in NameSyntax.configKey(key) { report.invalid(place, .string(key), problem) }
            size += byteCount(place.text)
        }
        if size > sizeLimit { report.tooLong(Place(nil, PlacePath("[]")), sizeLimit) }
        checkImmutable(map, old, ["data", "binaryData"], &report)
    }

    private static func checkImmutable(_ object: Place, _ old: JSONValue?, _ fields: [String], _ report: inout Report) {
        guard let old, old.member("immutable") == true else { return }
        let sentence = "field is immutable when `immutable` is set"
        if !object["immutable"].isTrue { report.forbidden(object["immutable"], sentence) }
        for field in fields where !(object[field].value ?? .null).isEquivalent(to: old.member(field) ?? .null) {
            report.forbidden(object[field], sentence)
        }
    }

    @Sendable static func checkSecret(_ secret: Place, _ old: JSONValue?, _ report: inout Report) {
        let data = secret["data"]
        var size = 0
        for (key, place) in data.entries {
            for problem in NameSyntax.configKey(key) { report.invalid(place, .string(key), problem) }
            size += byteCount(place.text)
        }
        if size > sizeLimit { report.tooLong(data, sizeLimit) }
        func need(_ key: String) {
            if data.value?.member(key) == nil { report.required(Place(nil, data.path[key: key])) }
        }
        switch secret["type"].text {
        case "kubernetes.io/service-account-token":
            let annotation = "kubernetes.io/service-account.name"
            let annotations = secret["metadata"]["annotations"]
            if annotations.value?.member(annotation)?.string?.isEmpty != false {
                report.required(Place(nil, annotations.path[key: annotation]))
            }
        case "kubernetes.io/dockercfg": checkDocument(data, ".dockercfg", &report)
        case "kubernetes.io/dockerconfigjson": checkDocument(data, ".dockerconfigjson", &report)
        case "kubernetes.io/basic-auth":
            if data.value?.member("username") == nil, data.value?.member("password") == nil {
                need("username")
                need("password")
            }
        case "kubernetes.io/ssh-auth":
            let key = "ssh-privatekey"
            if data.value?.member(key)?.string?.isEmpty != false { report.required(Place(nil, data.path[key: key])) }
        case "kubernetes.io/tls":
            need("tls.crt")
            need("tls.key")
        default: break
        }
        if let old {
            report.immutable(secret["type"], old.member("type"))
            checkImmutable(secret, old, ["data"], &report)
        }
    }

    private static func checkDocument(_ data: Place, _ key: String, _ report: inout Report) {
        let place = Place(data.value?.member(key), data.path[key: key])
        guard let bytes = place.value?.base64Bytes else { return report.required(place) }
        func refuse(_ sentence: String) {
            report.invalid(place, "<secret contents redacted>", sentence)
        }
        switch try? JSONValue.parse(bytes) {
        case nil: refuse("must be valid JSON")
        case .object, .null: break
        case let other?:
            refuse("json: cannot unmarshal \(other.goKind) into Go value of type map[string]interface {}")
        }
    }
}
