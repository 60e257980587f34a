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
        GroupKind(group: "", kind: "ResourceQuota"): KindRules(check: { quota, _, report in
            for (_, amount) in quota["spec"]["hard"].entries { PodRules.checkAmount(amount, &report) }
            QuotaRules.checkScopes(quota["spec"], &report)
        }),
        GroupKind(group: "", kind: "LimitRange"): KindRules(check: { range, _, report in
            for item in range["spec"]["limits"].elements {
                report.requireText(item["type"])
                for (resource, least) in item["min"].entries {
                    guard let most = Quantity(item["max"].value?.member(resource)?.string ?? ""),
                        let amount = Quantity(least.text), amount > most
                    else { continue }
                    report.invalid(
                        Place(nil, item["min"].path[key: resource]), least.json,
                        "min value \(amount) is greater than max value \(most)")
                }
            }
        }),
        GroupKind(group: "coordination.k8s.io", kind: "Lease"): KindRules(check: { lease, _, report in
            let spec = lease["spec"]
            if let duration = spec["leaseDurationSeconds"].int, duration <= 0 {
                report.invalid(spec["leaseDurationSeconds"], "must be greater than 0")
            }
            report.nonnegative(spec["leaseTransitions"])
        }),
    ]
}

/// ConfigMaps and Secrets: bytes by keys.
enum ConfigRules {
    /// In bytes, keys and values together.
    private static let sizeLimit = 1_048_576

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
            size += place.text.utf8.count / 4 * 3
        }
        if size > sizeLimit { report.tooLong(Place(nil, FieldPath("[]")), sizeLimit) }
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
            size += place.text.utf8.count / 4 * 3
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
        case "kubernetes.io/ssh-auth": need("ssh-privatekey")
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
        if (try? JSONValue.parse(bytes)) == nil {
            report.invalid(place, "<secret contents redacted>", "must be valid JSON")
        }
    }
}

/// Events of both groups, which are stored as one kind.
enum EventRules {
    @Sendable static func checkCore(_ event: Place, _ old: JSONValue?, _ report: inout Report) {
        checkNamespace(event, "involvedObject", &report)
        if event["eventTime"].isThere { checkNew(event, "reportingComponent", &report) }
    }

    @Sendable static func check(_ event: Place, _ old: JSONValue?, _ report: inout Report) {
        checkNamespace(event, "regarding", &report)
        guard old == nil else { return }
        if !event["eventTime"].isThere { report.required(event["eventTime"]) }
        checkNew(event, "reportingController", &report)
        let type = event["type"]
        if type.text.isEmpty {
            report.required(type)
        } else if !["Normal", "Warning"].contains(type.text) {
            report.invalid(type, "has invalid value: \(type.text)")
        }
        if event["note"].text.utf8.count > 1024 { report.invalid(event["note"], "can have at most 1024 characters") }
    }

    /// An event is where its object is; those about objects without a namespace are in `default`.
    private static func checkNamespace(_ event: Place, _ field: String, _ report: inout Report) {
        let own = event["metadata"]["namespace"].text
        let about = event[field]["namespace"]
        if about.text.isEmpty ? own != "default" && own != "kube-system" : about.text != own {
            report.invalid(about, .string(about.text), "does not match event.namespace")
        }
    }

    private static func checkNew(_ event: Place, _ controller: String, _ report: inout Report) {
        report.requireText(event[controller])
        for problem in event[controller].text.isEmpty ? [] : LabelSyntax.problems(key: event[controller].text) {
            report.invalid(event[controller], problem)
        }
        for field in ["reportingInstance", "action", "reason"] {
            report.requireText(event[field])
            if event[field].text.utf8.count > 128 { report.invalid(event[field], "can have at most 128 characters") }
        }
    }
}
