internal import JSON

extension ResourceTable {
    /// Leases, scheduling, flow control, devices.
    static let extensions: Group = [
        (
            ("coordination.k8s.io", "Lease"),
            ResourceTable("Name|Holder|Age") { [$0.name, $0.cell("spec", "holderIdentity"), $0.age($1)] }
        ),
        (
            ("scheduling.k8s.io", "PriorityClass"),
            ResourceTable("Name|Value:integer|Global-Default:boolean|Age|PreemptionPolicy") {
                [
                    $0.name, .count($0.count("value")), .bool($0.isTrue("globalDefault")), $0.age($1),
                    .string($0.text("preemptionPolicy", or: "<unset>")),
                ]
            }
        ),
        (
            ("node.k8s.io", "RuntimeClass"),
            ResourceTable("Name|Handler|Age") { [$0.name, $0.cell("handler"), $0.age($1)] }
        ),
        (("flowcontrol.apiserver.k8s.io", "FlowSchema"), flowSchema),
        (("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"), priorityLevel),
        (("resource.k8s.io", "DeviceClass"), ResourceTable("Name|Age") { [$0.name, $0.age($1)] }),
        (("resource.k8s.io", "ResourceClaimTemplate"), ResourceTable("Name|Age") { [$0.name, $0.age($1)] }),
        (
            ("resource.k8s.io", "ResourceClaim"),
            ResourceTable("Name|State|Age") {
                var states: [String] = []
                let isDeleted = $0.has("metadata", "deletionTimestamp")
                if isDeleted { states.append("deleted") }
                if $0.has("status", "allocation") {
                    states.append("allocated")
                    if !$0.list("status", "reservedFor").isEmpty { states.append("reserved") }
                } else if !isDeleted {
                    states.append("pending")
                }
                return [$0.name, .string(states.joined(separator: ",")), $0.age($1)]
            }
        ),
        (
            ("resource.k8s.io", "ResourceSlice"),
            ResourceTable("Name|Node|Driver|Pool|Age") {
                [
                    $0.name, .string($0.text("spec", "nodeName", or: "<none>")), $0.cell("spec", "driver"),
                    $0.cell("spec", "pool", "name"), $0.age($1),
                ]
            }
        ),
        (
            ("", "Status"),
            ResourceTable("Status|Reason|Message") { object, _ in
                [object.cell("status"), object.cell("reason"), object.cell("message")]
            }
        ),
    ]

    private static let flowSchema = ResourceTable(
        "Name|PriorityLevel|MatchingPrecedence|DistinguisherMethod|Age|MissingPL"
    ) { object, now in
        [
            object.name, .string(object.text("spec", "priorityLevelConfiguration", "name", or: "<none>")),
            .count(object.count("spec", "matchingPrecedence")),
            .string(object.text("spec", "distinguisherMethod", "type", or: "<none>")), object.age(now),
            .string(object.condition("Dangling") ?? "?"),
        ]
    }

    private static let priorityLevel = ResourceTable(
        "Name|Type|NominalConcurrencyShares|Queues|HandSize|QueueLengthLimit|Age"
    ) { object, now in
        func number(_ path: String...) -> JSONValue {
            object.at(path)?.int.map { .count($0) } ?? "<none>"
        }
        let part = object.has("spec", "limited") ? "limited" : "exempt"
        return [
            object.name, object.cell("spec", "type"), number("spec", part, "nominalConcurrencyShares"),
            number("spec", "limited", "limitResponse", "queuing", "queues"),
            number("spec", "limited", "limitResponse", "queuing", "handSize"),
            number("spec", "limited", "limitResponse", "queuing", "queueLengthLimit"), object.age(now),
        ]
    }
}
