internal import JSON

extension DefaultingRules {
    static let others: [String: Rule] = [
        "io.k8s.api.networking.v1.NetworkPolicySpec": { spec in
            let hasEgress = spec.member("egress")?.array?.isEmpty == false
            spec.setDefault("policyTypes", hasEgress ? ["Ingress", "Egress"] : ["Ingress"])
        },
        "io.k8s.api.rbac.v1.RoleRef": { reference in
            if reference.text("apiGroup").isEmpty { reference.setMember("apiGroup", .string(rbac)) }
        },
        "io.k8s.api.rbac.v1.Subject": { subject in
            let isAccount = subject.text("kind") == "ServiceAccount"
            if !isAccount, !subject.text("kind").isEmpty { subject.setDefault("apiGroup", .string(rbac)) }
        },
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec": { spec in
            spec.setDefault("conversion", ["strategy": "None"])
            spec.updateMember("names") { names in
                let kind = names.text("kind")
                if names.text("singular").isEmpty { names.setMember("singular", .string(lowercasedASCII(kind))) }
                if names.text("listKind").isEmpty, !kind.isEmpty { names.setMember("listKind", .string(kind + "List")) }
            }
        },
        "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec": { spec in
            if spec.text("type") == "Exempt" { spec.setDefault("exempt", [:]) }
        },
        "io.k8s.api.flowcontrol.v1.LimitResponse": { response in
            if response.text("type") == "Queue" { response.setDefault("queuing", [:]) }
        },
        "io.k8s.api.resource.v1.ExactDeviceRequest": deviceCount,
        "io.k8s.api.resource.v1.DeviceSubRequest": deviceCount,
    ]

    private static let deviceCount: Rule = { request in
        if request.text("allocationMode") == "ExactCount" { request.setDefault("count", 1) }
    }

    private static let rbac = "rbac.authorization.k8s.io"
}
