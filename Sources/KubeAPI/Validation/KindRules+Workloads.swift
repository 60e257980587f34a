internal import JSON

extension KindRules {
    static let workloads: [GroupKind: KindRules] = [
        GroupKind(group: "", kind: "ReplicationController"): KindRules(check: WorkloadRules.checkController),
        GroupKind(group: "apps", kind: "ReplicaSet"): KindRules(check: { set, old, report in
            WorkloadRules.checkReplicated(set, old, "replica set", &report)
        }),
        GroupKind(group: "apps", kind: "Deployment"): KindRules(check: WorkloadRules.checkDeployment),
        GroupKind(group: "apps", kind: "DaemonSet"): KindRules(check: WorkloadRules.checkDaemonSet),
        GroupKind(group: "apps", kind: "StatefulSet"): KindRules(
            check: WorkloadRules.checkStatefulSet, name: NameSyntax.label),
        GroupKind(group: "apps", kind: "ControllerRevision"): KindRules(check: { revision, old, report in
            if !revision["data"].isThere { report.required(revision["data"], "data is mandatory") }
            report.nonnegative(revision["revision"])
            if let old { report.immutable(revision["data"], old.member("data")) }
        }),
        GroupKind(group: "batch", kind: "Job"): KindRules(check: JobRules.check),
        GroupKind(group: "batch", kind: "CronJob"): KindRules(check: JobRules.checkCronJob),
        GroupKind(group: "policy", kind: "PodDisruptionBudget"): KindRules(check: { budget, _, report in
            let spec = budget["spec"]
            let (least, most) = (spec["minAvailable"], spec["maxUnavailable"])
            if least.isThere, most.isThere {
                report.invalid(spec, "minAvailable and maxUnavailable cannot be both set")
            }
            report.countOrPercent(least)
            report.countOrPercent(most)
            report.labelSelector(spec["selector"])
        }),
        GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler"): KindRules(check: { autoscaler, _, report in
            let spec = autoscaler["spec"]
            let (least, most) = (spec["minReplicas"], spec["maxReplicas"])
            if let count = least.int, count < 1 { report.invalid(least, "must be greater than or equal to 1") }
            if (most.int ?? 0) < 1 { report.invalid(most, "must be greater than 0") }
            if let least = least.int, let count = most.int, count < least {
                report.invalid(most, "must be greater than or equal to `minReplicas`")
            }
            report.requireText(spec["scaleTargetRef"]["kind"])
            report.requireName(spec["scaleTargetRef"]["name"], NameSyntax.pathSegment)
        }),
        GroupKind(group: "scheduling.k8s.io", kind: "PriorityClass"): KindRules(check: { priority, old, report in
            let (name, value) = (priority["metadata"]["name"], priority["value"])
            if name.text.hasPrefix("system-") {
                let system = ["system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000]
                let reason: String? =
                    switch system[name.text] {
                    case nil: "\(name.text) is not a known system priority class"
                    case let number? where number != value.int: "value of \(name.text) PriorityClass must be \(number)"
                    default:
                        priority["globalDefault"].isTrue
                            ? "globalDefault of \(name.text) PriorityClass must be false" : nil
                    }
                if let reason {
                    report.forbidden(
                        name,
                        "priority class names with 'system-' prefix are reserved for system use only. error: \(reason)")
                }
            } else if let number = value.int, number > 1_000_000_000 {
                report.forbidden(
                    value, "maximum allowed value of a user defined priority is 1000000000")
            }
            guard let old else { return }
            if value.int != old.member("value")?.int { report.forbidden(value, "may not be changed in an update.") }
            report.immutable(priority["preemptionPolicy"], old.member("preemptionPolicy"))
        }),
    ]
}

/// What holds replicas of a pod template.
enum WorkloadRules {
    static func checkTemplate(_ template: Place, claims: [String] = [], _ report: inout Report) {
        // Upstream leaves "metadata" out of these two paths.
        let metadata = Place(template["metadata"].value, template.path)
        report.labels(metadata["labels"])
        ObjectMetaRules.annotations(metadata["annotations"], &report)
        let spec = template["spec"]
        PodRules.checkSpec(spec, claims: claims, isTemplate: true, &report)
        if spec["ephemeralContainers"].count > 0 {
            report.forbidden(
                spec["ephemeralContainers"], "ephemeral containers not allowed in pod template")
        }
    }

    /// What runs for good: its pods start again, and have no end.
    private static func runsOn(_ template: Place, _ kind: String, _ report: inout Report) {
        let (policy, deadline) = (template["spec"]["restartPolicy"], template["spec"]["activeDeadlineSeconds"])
        if !policy.text.isEmpty, policy.text != "Always" { report.notSupported(policy, ["Always"]) }
        if deadline.isThere { report.forbidden(deadline, "activeDeadlineSeconds in \(kind) is not Supported") }
    }

    /// The selector must be there, and select the template's pods.
    static func checkSelector(_ spec: Place, _ what: String, _ report: inout Report) {
        let selector = spec["selector"]
        guard selector.isThere else { return report.required(selector) }
        report.labelSelector(selector)
        if selector["matchLabels"].count + selector["matchExpressions"].count == 0 {
            return report.invalid(selector, "empty selector is invalid for \(what)")
        }
        let labels = spec["template"]["metadata"]["labels"]
        guard let matcher = try? LabelSelector(object: selector.value) else { return }
        if !matcher.matches(labels.value) {
            report.invalid(labels, labels.value ?? [:], "`selector` does not match template `labels`")
        }
    }

    static func checkReplicated(_ object: Place, _ old: JSONValue?, _ what: String, _ report: inout Report) {
        let spec = object["spec"]
        report.nonnegative(spec["replicas"])
        report.nonnegative(spec["minReadySeconds"])
        checkSelector(spec, what, &report)
        checkTemplate(spec["template"], &report)
        runsOn(spec["template"], "ReplicaSet", &report)
        if let old { report.immutable(spec["selector"], old.member(at: "spec", "selector")) }
    }

    @Sendable static func checkController(_ controller: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = controller["spec"]
        report.nonnegative(spec["minReadySeconds"])
        let (selector, template) = (spec["selector"], spec["template"])
        if selector.count == 0 { report.required(selector) }
        report.nonnegative(spec["replicas"])
        guard template.isThere else { return report.required(template) }
        let labels = template["metadata"]["labels"]
        if selector.count > 0, !LabelSelector(labels: selector.value).matches(labels.value) {
            report.invalid(labels, labels.value ?? [:], "`selector` does not match template `labels`")
        }
        checkTemplate(template, &report)
        runsOn(template, "ReplicationController", &report)
    }

    @Sendable static func checkDeployment(_ deployment: Place, _ old: JSONValue?, _ report: inout Report) {
        checkReplicated(deployment, old, "deployment", &report)
        let spec = deployment["spec"]
        report.nonnegative(spec["revisionHistoryLimit"])
        let deadline = spec["progressDeadlineSeconds"]
        report.nonnegative(deadline)
        if let seconds = deadline.int, seconds <= spec["minReadySeconds"].int ?? 0 {
            report.invalid(deadline, "must be greater than minReadySeconds")
        }
        let rolling = spec["strategy"]["rollingUpdate"]
        if spec["strategy"]["type"].text == "Recreate" {
            if rolling.isThere {
                report.forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'")
            }
        } else if rolling.isThere {
            let (unavailable, surge) = (rolling["maxUnavailable"], rolling["maxSurge"])
            report.countOrPercent(unavailable)
            report.countOrPercent(surge, isBounded: false)
            if isZero(unavailable), isZero(surge) {
                report.invalid(unavailable, "may not be 0 when `maxSurge` is 0")
            }
        }
    }

    @Sendable static func checkDaemonSet(_ set: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = set["spec"]
        checkSelector(spec, "daemonset", &report)
        checkTemplate(spec["template"], &report)
        runsOn(spec["template"], "DaemonSet", &report)
        report.nonnegative(spec["minReadySeconds"])
        report.nonnegative(spec["revisionHistoryLimit"])
        let rolling = spec["updateStrategy"]["rollingUpdate"]
        if spec["updateStrategy"]["type"].text == "RollingUpdate", rolling.isThere {
            let (unavailable, surge) = (rolling["maxUnavailable"], rolling["maxSurge"])
            report.countOrPercent(unavailable)
            report.countOrPercent(surge)
            switch (isZero(unavailable), isZero(surge)) {
            case (true, true): report.required(unavailable, "cannot be 0 when maxSurge is 0")
            case (false, false): report.invalid(surge, "may not be set when maxUnavailable is non-zero")
            default: break
            }
        }
        if let old { report.immutable(spec["selector"], old.member(at: "spec", "selector")) }
    }

    @Sendable static func checkStatefulSet(_ set: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = set["spec"]
        let policy = spec["podManagementPolicy"]
        if policy.text.isEmpty {
            report.required(policy)
        } else if !["OrderedReady", "Parallel"].contains(policy.text) {
            report.invalid(policy, "must be 'OrderedReady' or 'Parallel'")
        }
        report.nonnegative(spec["replicas"])
        report.nonnegative(spec["minReadySeconds"])
        report.nonnegative(spec["ordinals"]["start"])
        checkSelector(spec, "statefulset", &report)
        let claims = spec["volumeClaimTemplates"].elements.map { $0["metadata"]["name"].text }
        checkTemplate(spec["template"], claims: claims, &report)
        runsOn(spec["template"], "StatefulSet", &report)
        let (strategy, rolling) = (spec["updateStrategy"]["type"].text, spec["updateStrategy"]["rollingUpdate"])
        if strategy == "OnDelete", rolling.isThere {
            report.invalid(rolling, "only allowed for updateStrategy 'RollingUpdate'")
        }
        report.nonnegative(rolling["partition"])
        let unavailable = rolling["maxUnavailable"]
        report.countOrPercent(unavailable)
        if unavailable.isThere, isZero(unavailable) { report.invalid(unavailable, "cannot be 0") }
        guard let old else { return }
        func rest(_ spec: JSONValue) -> JSONValue {
            var spec = spec
            for field in [
                "replicas", "ordinals", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds", "revisionHistoryLimit",
            ] {
                spec.setMember(field, nil)
            }
            return spec
        }
        if rest(spec.json) != rest(old.member("spec") ?? [:]) {
            report.forbidden(
                spec,
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                    + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            )
        }
    }

    private static func isZero(_ place: Place) -> Bool {
        !place.isThere || place.int == 0 || Report.percent(place.text) == 0
    }
}
