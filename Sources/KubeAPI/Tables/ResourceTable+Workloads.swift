internal import JSON

extension ResourceTable {
    /// What runs pods.
    static let workloads: Group = [
        (
            ("autoscaling", "Scale"),
            ResourceTable("Name|Desired:integer|Available:integer|Age") {
                [$0.name, .count($0.count("spec", "replicas")), .count($0.count("status", "replicas")), $0.age($1)]
            }
        ),
        (("apps", "Deployment"), deployment), (("apps", "DaemonSet"), daemonSet), (("batch", "Job"), job),
        (("batch", "CronJob"), cronJob), (("autoscaling", "HorizontalPodAutoscaler"), AutoscalerCells.table),
        (
            ("", "ReplicationController"),
            replicas { .string(Cells.labels($0.object(at: "spec", "selector"))) }
        ),
        (("apps", "ReplicaSet"), replicas { .string(Cells.selector($0.member(at: "spec", "selector"))) }),
        (
            ("apps", "StatefulSet"),
            ResourceTable("Name|Ready|Age|Containers+|Images+") {
                let ready = "\($0.count("status", "readyReplicas"))/\($0.count("spec", "replicas"))"
                return [$0.name, .string(ready), $0.age($1)] + template($0)
            }
        ),
        (
            ("policy", "PodDisruptionBudget"),
            ResourceTable("Name|Min Available|Max Unavailable|Allowed Disruptions:integer|Age") {
                [
                    $0.name, .string(amount($0, "minAvailable")), .string(amount($0, "maxUnavailable")),
                    .count($0.count("status", "disruptionsAllowed")), $0.age($1),
                ]
            }
        ),
        (
            ("apps", "ControllerRevision"),
            ResourceTable("Name|Controller|Revision|Age") {
                [$0.name, .string(controller($0)), .count($0.count("revision")), $0.age($1)]
            }
        ),
        (
            ("autoscaling", "Scale"),
            ResourceTable("Name|Desired:integer|Available:integer|Age") {
                [
                    $0.name, .count($0.count("spec", "replicas")), .count($0.count("status", "replicas")), $0.age($1),
                ]
            }
        ),
    ]

    private static let deployment = ResourceTable(
        "Name|Ready|Up-to-date|Available|Age|Containers+|Images+|Selector+"
    ) { object, now in
        let ready = "\(object.count("status", "readyReplicas"))/\(object.count("spec", "replicas"))"
        let selector = (try? LabelSelector(object: object.member(at: "spec", "selector")))?.description ?? ""
        return [
            object.name, .string(ready), .count(object.count("status", "updatedReplicas")),
            .count(object.count("status", "availableReplicas")), object.age(now),
        ] + template(object) + [.string(selector)]
    }

    private static func replicas(_ selector: @escaping @Sendable (JSONValue) -> JSONValue) -> ResourceTable {
        ResourceTable(
            "Name|Desired:integer|Current:integer|Ready:integer|Age|Containers+|Images+|Selector+"
        ) { object, now in
            [
                object.name, .count(object.count("spec", "replicas")), .count(object.count("status", "replicas")),
                .count(object.count("status", "readyReplicas")), object.age(now),
            ] + template(object) + [selector(object)]
        }
    }

    private static let daemonSet = ResourceTable(
        "Name|Desired:integer|Current:integer|Ready:integer|Up-to-date:integer|Available:integer|Node Selector|Age"
            + "|Containers+|Images+|Selector+"
    ) { object, now in
        let counts = [
            "desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled",
            "numberAvailable",
        ].map { JSONValue.count(object.count("status", $0)) }
        let nodes = Cells.labels(object.object(at: "spec", "template", "spec", "nodeSelector"))
        return [object.name] + counts + [.string(nodes), object.age(now)] + template(object)
            + [.string(Cells.selector(object.member(at: "spec", "selector")))]
    }

    private static let job = ResourceTable(
        "Name|Status|Completions|Duration|Age|Containers+|Images+|Selector+"
    ) { job, now in
        let succeeded = job.count("status", "succeeded")
        let parallelism = job.count("spec", "parallelism")
        let completions =
            job.has("spec", "completions")
            ? "\(succeeded)/\(job.count("spec", "completions"))"
            : parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1"
        let end = Timestamp(job.text("status", "completionTime")) ?? now
        let duration = Timestamp(job.text("status", "startTime"))?.age(end) ?? ""
        return [
            job.name, .string(status(ofJob: job)), .string(completions), .string(duration), job.age(now),
        ] + template(job) + [.string(Cells.selector(job.member(at: "spec", "selector")))]
    }

    private static func status(ofJob job: JSONValue) -> String {
        func has(_ condition: String) -> Bool { job.condition(condition) == "True" }
        if has("Complete") { return "Complete" }
        if has("Failed") { return "Failed" }
        if job.has("metadata", "deletionTimestamp") { return "Terminating" }
        return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].first(where: has) ?? "Running"
    }

    private static let cronJob = ResourceTable(
        "Name|Schedule|Timezone|Suspend:boolean|Active:integer|Last Schedule|Age|Containers+|Images+|Selector+"
    ) { object, now in
        let job = object.member(at: "spec", "jobTemplate") ?? .null
        let suspend = object.member(at: "spec", "suspend")?.bool.map { $0 ? "True" : "False" } ?? "<unset>"
        let last = object.has("status", "lastScheduleTime") ? object.age(now, "status", "lastScheduleTime") : "<none>"
        return [
            object.name, object.cell("spec", "schedule"), .string(object.text("spec", "timeZone", or: "<none>")),
            .string(suspend), .count(object.list("status", "active").count), last, object.age(now),
        ] + template(job) + [.string(Cells.selector(job.member(at: "spec", "selector")))]
    }

    private static func template(_ object: JSONValue) -> [JSONValue] {
        Cells.containers(object.member(at: "spec", "template", "spec"))
    }

    private static func amount(_ object: JSONValue, _ key: String) -> String {
        switch object.member(at: "spec", key) {
        case .string(let text)?: text
        case .number(let number)?: number.literal
        default: "N/A"
        }
    }

    private static func controller(_ object: JSONValue) -> String {
        guard let owner = object.list("metadata", "ownerReferences").first(where: { $0.isTrue("controller") }) else {
            return "<none>"
        }
        let group = GroupVersion(apiVersion: owner.text("apiVersion"))?.group ?? ""
        let kind = GroupKind(group: group, kind: owner.text("kind"))
        return "\(lowercasedASCII(kind.description))/\(owner.text("name"))"
    }
}
