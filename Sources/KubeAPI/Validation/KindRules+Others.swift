internal import JSON

extension KindRules {
    static let others: [GroupKind: KindRules] = [
        GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"): KindRules(
            check: DefinitionRules.check),
        GroupKind(group: "apiregistration.k8s.io", kind: "APIService"): KindRules(
            check: APIServiceRules.check, name: NameSyntax.pathSegment),
        GroupKind(group: "node.k8s.io", kind: "RuntimeClass"): KindRules(check: { runtime, old, report in
            if !runtime["handler"].text.isEmpty { report.check(runtime["handler"], NameSyntax.label) }
            if let old { report.immutable(runtime["handler"], old.member("handler")) }
        }),
    ]
}

/// What a server serves of a group's version.
enum APIServiceRules {
    @Sendable static func check(_ object: Place, _ old: JSONValue?, _ report: inout Report) {
        let (name, spec) = (object["metadata"]["name"], object["spec"])
        let (group, version) = (spec["group"], spec["version"])
        let expected = "\(version.text).\(group.text)"
        if name.text != expected {
            report.invalid(name, "must be `spec.version+\".\"+spec.group`: \(FieldCause.quoted(expected))")
        }
        if !group.text.isEmpty {
            report.check(group, NameSyntax.subdomain)
        } else if version.text != "v1" {
            report.required(group, "only v1 may have an empty group and it better be legacy kube")
        }
        report.check(Place(.string(version.text), version.path), NameSyntax.label1035)
        for (field, limit) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1000)]
        where !(1...limit).contains(spec[field].int ?? 0) {
            let value = JSONNumber(spec[field].int ?? 0)
            report.invalid(spec[field], .number(value), "must be positive and less than \(limit)")
        }
        server(spec, &report)
    }

    private static func server(_ spec: Place, _ report: inout Report) {
        let (service, bundle, skips) = (spec["service"], spec["caBundle"], spec["insecureSkipTLSVerify"])
        guard service.isThere else {
            if !bundle.isEmpty {
                let count = bundle.value?.base64Bytes?.count ?? 0
                report.invalid(bundle, .string("\(count) bytes"), "local APIServices may not have a caBundle")
            }
            if skips.isTrue { report.invalid(skips, "local APIServices may not have insecureSkipTLSVerify") }
            return
        }
        report.requireText(service["namespace"])
        report.requireText(service["name"])
        if skips.isTrue, !bundle.isEmpty { report.invalid(skips, "may not be true if caBundle is present") }
    }
}
