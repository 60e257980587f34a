internal import JSON

extension ResourceTable {
    /// Who may do what, and what is asked before it is done.
    static let access: Group = [
        (("rbac.authorization.k8s.io", "RoleBinding"), binding),
        (("rbac.authorization.k8s.io", "ClusterRoleBinding"), binding),
        (("certificates.k8s.io", "CertificateSigningRequest"), signingRequest),
        (("admissionregistration.k8s.io", "MutatingWebhookConfiguration"), webhooks),
        (("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"), webhooks),
        (
            ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
            ResourceTable("Name|Validations:integer|ParamKind|Age") {
                [$0.name, .count($0.list("spec", "validations").count), .string(parameterKind($0)), $0.age($1)]
            }
        ),
        (
            ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
            ResourceTable("Name|Mutations:integer|ParamKind|Age") {
                [$0.name, .count($0.list("spec", "mutations").count), .string(parameterKind($0)), $0.age($1)]
            }
        ),
        (("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"), policyBinding),
        (("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"), policyBinding),
        (
            ("apiregistration.k8s.io", "APIService"),
            ResourceTable("Name|Service|Available|Age") {
                let service = $0.member(at: "spec", "service") ?? .null
                let backend = service.isNull ? "Local" : "\(service.text("namespace"))/\(service.text("name"))"
                let condition = $0.list("status", "conditions").first { $0.text("type") == "Available" }
                var available = condition?.text("status") ?? "Unknown"
                if let condition, available != "True" { available += " (\(condition.text("reason")))" }
                return [$0.name, .string(backend), .string(available), $0.age($1)]
            }
        ),
    ]

    private static let binding = ResourceTable(
        "Name|Role|Age|Users+|Groups+|ServiceAccounts+"
    ) { object, now in
        func subjects(_ kind: String) -> JSONValue {
            let names = object.list("subjects").filter { $0.text("kind") == kind }.map { subject in
                let namespace = kind == "ServiceAccount" ? subject.text("namespace") : ""
                return namespace.isEmpty ? subject.text("name") : "\(namespace)/\(subject.text("name"))"
            }
            return .string(names.joined(separator: ", "))
        }
        return [
            object.name, .string("\(object.text("roleRef", "kind"))/\(object.text("roleRef", "name"))"),
            object.age(now),
            subjects("User"), subjects("Group"), subjects("ServiceAccount"),
        ]
    }

    private static let signingRequest = ResourceTable(
        "Name|Age|SignerName|Requestor|RequestedDuration|Condition"
    ) { object, now in
        let types = Set(object.list("status", "conditions").map { $0.text("type") })
        var state = types.contains("Denied") ? "Denied" : types.contains("Approved") ? "Approved" : "Pending"
        if types.contains("Failed") { state += ",Failed" }
        if !object.text("status", "certificate").isEmpty { state += ",Issued" }
        let duration =
            object.member(at: "spec", "expirationSeconds")?.int.map { humanDuration(seconds: $0) } ?? "<none>"
        return [
            object.name, object.age(now), .string(object.text("spec", "signerName", or: "<none>")),
            object.cell("spec", "username"), .string(duration), .string(state),
        ]
    }

    private static let webhooks = ResourceTable("Name|Webhooks:integer|Age") { object, now in
        [object.name, .count(object.list("webhooks").count), object.age(now)]
    }

    private static let policyBinding = ResourceTable("Name|PolicyName|ParamRef|Age") { object, now in
        let reference = object.member(at: "spec", "paramRef") ?? .null
        let namespace = reference.text("namespace")
        let name = reference.text("name", or: "*")
        let text = reference.isNull ? "<unset>" : namespace.isEmpty ? name : "\(namespace)/\(name)"
        return [object.name, object.cell("spec", "policyName"), .string(text), object.age(now)]
    }

    private static func parameterKind(_ object: JSONValue) -> String {
        let kind = object.member(at: "spec", "paramKind") ?? .null
        return kind.isNull ? "<unset>" : "\(kind.text("apiVersion"))/\(kind.text("kind"))"
    }
}
