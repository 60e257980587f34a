internal import JSON

extension ResourceTable {
    /// The core group, and events.
    static let core: Group = [
        (("", "Pod"), PodCells.table), (("", "Node"), node), (("", "Event"), EventCells.table),
        (("events.k8s.io", "Event"), EventCells.table), (("", "ComponentStatus"), componentStatus),
        (("", "ResourceQuota"), resourceQuota), (("", "PodTemplate"), podTemplate),
        (
            ("", "Namespace"),
            ResourceTable("Name|Status|Age") { [$0.name, $0.cell("status", "phase"), $0.age($1)] }
        ),
        (
            ("", "Secret"),
            ResourceTable("Name|Type|Data|Age") {
                [$0.name, $0.cell("type"), .count($0.object(at: "data").members.count), $0.age($1)]
            }
        ),
        (
            ("", "ConfigMap"),
            ResourceTable("Name|Data|Age") {
                let entries = $0.object(at: "data").members.count + $0.object(at: "binaryData").members.count
                return [$0.name, .count(entries), $0.age($1)]
            }
        ),
        (("", "ServiceAccount"), ResourceTable("Name|Age") { [$0.name, $0.age($1)] }),
    ]

    private static let node = ResourceTable(
        "Name|Status|Roles|Age|Version|Internal-IP+|External-IP+|OS-Image+|Kernel-Version+|Container-Runtime+"
    ) { node, now in
        var status: String
        switch node.condition("Ready") {
        case nil: status = "Unknown"
        case "True"?: status = "Ready"
        default: status = "NotReady"
        }
        if node.isTrue("spec", "unschedulable") { status += ",SchedulingDisabled" }
        var roles: Set<String> = []
        for label in node.object(at: "metadata", "labels").members {
            if label.key.hasPrefix("node-role.kubernetes.io/") { roles.insert(String(label.key.dropFirst(24))) }
            if label.key == "kubernetes.io/role" { roles.insert(label.value.string ?? "") }
        }
        roles.remove("")
        func address(_ type: String) -> JSONValue {
            let first = node.list("status", "addresses").first { $0.text("type") == type }
            return .string(first?.text("address") ?? "<none>")
        }
        func info(_ key: String) -> JSONValue { .string(node.text("status", "nodeInfo", key, or: "<unknown>")) }
        return [
            node.name, .string(status), .string(Cells.joined(roles.sorted())), node.age(now),
            node.cell("status", "nodeInfo", "kubeletVersion"), address("InternalIP"), address("ExternalIP"),
            info("osImage"), info("kernelVersion"), info("containerRuntimeVersion"),
        ]
    }

    private static let componentStatus = ResourceTable("Name|Status|Message|Error") { object, _ in
        let healthy = object.list("conditions").first { $0.text("type") == "Healthy" }
        let status = healthy.map { $0.text("status") == "True" ? "Healthy" : "Unhealthy" } ?? "Unknown"
        return [
            object.name, .string(status), .string(healthy?.text("message") ?? ""),
            .string(healthy?.text("error") ?? ""),
        ]
    }

    private static let resourceQuota = ResourceTable("Name|Request|Limit|Age") { quota, now in
        let used = quota.object(at: "status", "used")
        var (requests, limits): ([String], [String]) = ([], [])
        for member in quota.object(at: "status", "hard").members.sorted(by: { $0.key < $1.key }) {
            let text = "\(member.key): \(used.member(member.key)?.quantityText ?? "0")/\(member.value.quantityText)"
            if member.key.hasPrefix("limits") { limits.append(text) } else { requests.append(text) }
        }
        return [
            quota.name, .string(requests.joined(separator: ", ")), .string(limits.joined(separator: ", ")),
            quota.age(now),
        ]
    }

    private static let podTemplate = ResourceTable("Name|Containers|Images|Pod Labels") { object, _ in
        [object.name] + Cells.containers(object.member(at: "template", "spec"))
            + [.string(Cells.labels(object.object(at: "template", "metadata", "labels")))]
    }
}
