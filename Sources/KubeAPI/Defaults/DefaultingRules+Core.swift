internal import JSON

extension DefaultingRules {
    static let core: [String: Rule] = [
        "io.k8s.api.core.v1.Container": { pullPolicy(&$0, "imagePullPolicy", of: "image") },
        "io.k8s.api.core.v1.EphemeralContainer": { pullPolicy(&$0, "imagePullPolicy", of: "image") },
        "io.k8s.api.core.v1.ImageVolumeSource": { pullPolicy(&$0, "pullPolicy", of: "reference") },
        "io.k8s.api.core.v1.Volume": { volume in
            if volume.object?.members.count == 1 { volume.setMember("emptyDir", [:]) }
        },
        "io.k8s.api.core.v1.PodSpec": { spec in
            // Both names of the field are written, as upstream's conversion does.
            let account = spec.text("serviceAccountName")
            let name = account.isEmpty ? spec.text("serviceAccount") : account
            guard !name.isEmpty else { return }
            spec.setMember("serviceAccountName", .string(name))
            spec.setMember("serviceAccount", .string(name))
        },
        "io.k8s.api.core.v1.Pod": pod,
        "io.k8s.api.core.v1.PodStatus": { status in
            pair(&status, "podIP", "podIPs") {
                ["ip": $0]
            } first: {
                $0.member("ip")
            }
            pair(&status, "hostIP", "hostIPs") {
                ["ip": $0]
            } first: {
                $0.member("ip")
            }
        },
        "io.k8s.api.core.v1.NodeSpec": {
            pair(&$0, "podCIDR", "podCIDRs") {
                $0
            } first: {
                $0
            }
        },
        "io.k8s.api.core.v1.NodeStatus": { status in
            if let capacity = status.member("capacity") { status.setDefault("allocatable", capacity) }
        },
        "io.k8s.api.core.v1.Namespace": { namespace in
            guard let name = namespace.member(at: "metadata", "name") else { return }
            namespace.updateMember("metadata") { metadata in
                metadata.updateMember("labels", creating: true) { labels in
                    labels.setMember("kubernetes.io/metadata.name", name)
                    labels.sortMembers()
                }
            }
        },
        "io.k8s.api.core.v1.Secret": { secret in
            // Text in stringData replaces bytes in data, and is not kept.
            guard let texts = secret.member("stringData")?.object else { return }
            secret.updateMember("data", creating: true) { data in
                for member in texts.members {
                    data.setMember(member.key, .base64(Array((member.value.string ?? "").utf8)))
                }
                data.sortMembers()
            }
            secret.setMember("stringData", nil)
        },
        "io.k8s.api.core.v1.Service": service,
        "io.k8s.api.core.v1.ServiceSpec": serviceSpec,
        "io.k8s.api.core.v1.ServicePort": { port in
            let target = port.member("targetPort")
            if target == nil || target == 0 || target == "" { port.setMember("targetPort", port.member("port")) }
        },
        "io.k8s.api.core.v1.ReplicationController": { controller in
            guard let labels = controller.member(at: "spec", "template", "metadata", "labels"),
                labels.object?.isEmpty == false
            else { return }
            controller.updateMember("spec") { $0.setDefault("selector", labels) }
            controller.updateMember("metadata") { $0.setDefault("labels", labels) }
        },
        "io.k8s.api.core.v1.PersistentVolumeClaim": { claim in
            claim.updateMember("spec") { spec in
                switch (spec.member("dataSource"), spec.member("dataSourceRef")) {
                case (let source?, nil): spec.setMember("dataSourceRef", source)
                case (nil, let reference?) where reference.member("namespace") == nil:
                    spec.setMember("dataSource", reference)
                default: break
                }
            }
        },
        "io.k8s.api.core.v1.LimitRangeItem": { item in
            guard item.text("type") == "Container" else { return }
            fill(&item, "default", from: "max")
            fill(&item, "defaultRequest", from: "default")
            fill(&item, "defaultRequest", from: "min")
        },
    ]

    /// An image without tag and digest is "latest", which may change under its name, whatever digest follows it.
    private static func pullPolicy(_ object: inout JSONValue, _ policy: String, of image: String) {
        guard object.member(policy) == nil else { return }
        let parts = object.text(image).split(separator: "@", omittingEmptySubsequences: false)
        let name = parts.first?.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let isBare = parts.count == 1 && !name.isEmpty && !name.contains(":")
        object.setMember(policy, isBare || name.hasSuffix(":latest") ? "Always" : "IfNotPresent")
    }

    private static let pod: Rule = { pod in
        pod.updateMember("spec", creating: true) { spec in
            spec.setDefault("enableServiceLinks", true)
            let usesHostNetwork = spec.member("hostNetwork") == true
            for list in ["containers", "initContainers"] {
                spec.updateElements(list) { container in
                    container.updateMember("resources") { fill(&$0, "requests", from: "limits") }
                    if usesHostNetwork {
                        container.updateElements("ports") { port in
                            if let number = port.member("containerPort") { port.setDefault("hostPort", number) }
                        }
                    }
                }
            }
            wholePod(&spec)
        }
    }

    private static let service: Rule = { service in
        guard service.member(at: "spec", "type") == "LoadBalancer" else { return }
        service.updateMember("status") { status in
            status.updateMember("loadBalancer") { balancer in
                balancer.updateElements("ingress") { ingress in
                    if !ingress.text("ip").isEmpty { ingress.setDefault("ipMode", "VIP") }
                }
            }
        }
    }

    private static let serviceSpec: Rule = { spec in
        let type = spec.text("type")
        if spec.text("sessionAffinity") == "ClientIP" {
            spec.updateMember("sessionAffinityConfig", creating: true) { config in
                config.updateMember("clientIP", creating: true) { $0.setDefault("timeoutSeconds", 10800) }
            }
        } else {
            spec.setMember("sessionAffinityConfig", nil)
        }
        let hasExternalAddresses = spec.member("externalIPs")?.array?.isEmpty == false
        if type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP" && hasExternalAddresses {
            spec.setDefault("externalTrafficPolicy", "Cluster")
        }
        if type != "ExternalName" { spec.setDefault("internalTrafficPolicy", "Cluster") }
        if type == "LoadBalancer" { spec.setDefault("allocateLoadBalancerNodePorts", true) }
    }

    /// Entries of one resource list that another has and it lacks.
    private static func fill(_ object: inout JSONValue, _ key: String, from source: String) {
        guard let entries = object.member(source)?.object, !entries.isEmpty else { return }
        object.updateMember(key, creating: true) { list in
            for entry in entries.members { list.setDefault(entry.key, entry.value) }
            list.sortMembers()
        }
    }

    /// A field that was one value and its successor that is a list: the first of the list is the one value. Where they
    /// differ the single one wins, for a client that knows only that changed it.
    private static func pair(
        _ object: inout JSONValue, _ single: String, _ list: String, wrap: (JSONValue) -> JSONValue,
        first: (JSONValue) -> JSONValue?
    ) {
        let head = object.member(list)?.array?.first.flatMap(first)
        switch (object.member(single), head) {
        case (nil, let head?): object.setMember(single, head)
        case (let value?, let head) where value != head: object.setMember(list, .array([wrap(value)]))
        default: break
        }
    }
}

extension JSONValue {
    /// Maps are kept in the order of their keys.
    mutating func sortMembers() {
        guard case .object(let object) = self else { return }
        self = .object(JSONObject(members: object.members.sorted { $0.key < $1.key }))
    }
}
