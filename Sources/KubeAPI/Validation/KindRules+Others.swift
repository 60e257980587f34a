internal import JSON

extension KindRules {
    static let others: [GroupKind: KindRules] = [
        GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"): KindRules(
            check: DefinitionRules.check),
        GroupKind(group: "apiregistration.k8s.io", kind: "APIService"): KindRules(
            check: { service, _, report in
                let (name, spec) = (service["metadata"]["name"], service["spec"])
                let expected = "\(spec["version"].text).\(spec["group"].text)"
                if name.text != expected {
                    report.invalid(name, "must be `spec.version+\".\"+spec.group`: \(FieldCause.quoted(expected))")
                }
                report.requireText(spec["version"])
            }, name: NameSyntax.pathSegment),
        GroupKind(group: "node.k8s.io", kind: "RuntimeClass"): KindRules(check: { runtime, old, report in
            if !runtime["handler"].text.isEmpty { report.check(runtime["handler"], NameSyntax.label) }
            if let old { report.immutable(runtime["handler"], old.member("handler")) }
        }),
    ]
}
