internal import JSON

extension KindRules {
    private static let rbac = "rbac.authorization.k8s.io"

    /// RBAC's names are path segments: "system:node" is one.
    static let access: [GroupKind: KindRules] = [
        GroupKind(group: rbac, kind: "Role"): KindRules(
            check: { role, _, report in AccessRules.check(rules: role["rules"], isNamespaced: true, &report) },
            name: NameSyntax.pathSegment),
        GroupKind(group: rbac, kind: "ClusterRole"): KindRules(
            check: { role, _, report in
                AccessRules.check(rules: role["rules"], isNamespaced: false, &report)
                let selectors = role["aggregationRule"]["clusterRoleSelectors"]
                if role["aggregationRule"].isThere, selectors.count == 0 {
                    report.required(
                        selectors, "at least one clusterRoleSelector required if aggregationRule is non-nil")
                }
                for selector in selectors.elements { report.labelSelector(selector) }
            }, name: NameSyntax.pathSegment),
        GroupKind(group: rbac, kind: "RoleBinding"): KindRules(
            check: { AccessRules.check(binding: $0, $1, kinds: ["Role", "ClusterRole"], isNamespaced: true, &$2) },
            name: NameSyntax.pathSegment),
        GroupKind(group: rbac, kind: "ClusterRoleBinding"): KindRules(
            check: { AccessRules.check(binding: $0, $1, kinds: ["ClusterRole"], isNamespaced: false, &$2) },
            name: NameSyntax.pathSegment),
        GroupKind(group: "certificates.k8s.io", kind: "CertificateSigningRequest"): KindRules(
            check: { request, old, report in
                let spec = request["spec"]
                if spec["request"].isEmpty { report.required(spec["request"]) }
                if spec["usages"].count == 0 { report.required(spec["usages"], "usages must be provided") }
                let signer = spec["signerName"]
                if signer.text.isEmpty {
                    report.required(signer)
                } else if signer.text.split(separator: "/").count != 2 {
                    report.invalid(
                        signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'")
                }
                if let seconds = spec["expirationSeconds"].int, seconds < 600 {
                    report.invalid(
                        spec["expirationSeconds"], "may not specify a duration less than 600 seconds (10 minutes)")
                }
                if let old, old.member("spec") != spec.value { report.invalid(spec, "field is immutable") }
            }),
    ]
}

enum AccessRules {
    static func check(rules: Place, isNamespaced: Bool, _ report: inout Report) {
        for rule in rules.elements {
            let urls = rule["nonResourceURLs"]
            if rule["verbs"].count == 0 {
                report.required(rule["verbs"], "verbs must contain at least one value")
            }
            if urls.count > 0 {
                if isNamespaced {
                    report.invalid(urls, "namespaced rules cannot apply to non-resource URLs")
                }
                if rule["apiGroups"].count + rule["resources"].count + rule["resourceNames"].count > 0 {
                    report.invalid(
                        urls, "rules cannot apply to both regular resources and non-resource URLs")
                }
                continue
            }
            if rule["apiGroups"].count == 0 {
                report.required(rule["apiGroups"], "resource rules must supply at least one api group")
            }
            if rule["resources"].count == 0 {
                report.required(rule["resources"], "resource rules must supply at least one resource")
            }
        }
    }

    static func check(
        binding: Place, _ old: JSONValue?, kinds: [String], isNamespaced: Bool, _ report: inout Report
    ) {
        let rbac = "rbac.authorization.k8s.io"
        let role = binding["roleRef"]
        if role["apiGroup"].text != rbac { report.notSupported(role["apiGroup"], [rbac]) }
        if !kinds.contains(role["kind"].text) { report.notSupported(role["kind"], kinds) }
        report.requireName(role["name"], NameSyntax.pathSegment)
        for subject in binding["subjects"].elements {
            report.requireText(subject["name"])
            let group = subject["apiGroup"]
            switch subject["kind"].text {
            case "ServiceAccount":
                if !subject["name"].text.isEmpty { report.check(subject["name"], NameSyntax.subdomain) }
                if !group.text.isEmpty { report.notSupported(group, [""]) }
                // A RoleBinding's own namespace is meant where none is said.
                if !isNamespaced, subject["namespace"].text.isEmpty { report.required(subject["namespace"]) }
            case let kind where kind == "User" || kind == "Group":
                if subject["name"].text.isEmpty {
                    let sentence = "\(lowercasedASCII(kind)) name cannot be empty"
                    report.invalid(subject["name"], .string(""), sentence)
                }
                if group.text != rbac { report.notSupported(group, [rbac]) }
            default: report.notSupported(subject["kind"], ["ServiceAccount", "User", "Group"])
            }
        }
        if let old, old.member("roleRef") != role.value {
            report.invalid(role, "cannot change roleRef")
        }
    }
}
