internal import JSON

/// Jobs and CronJobs.
enum JobRules {
    @Sendable static func check(_ job: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = job["spec"]
        if !spec["manualSelector"].isTrue, spec["selector"].isThere { generated(job, spec, &report) }
        checkSpec(spec, &report)
        let (selector, labels) = (spec["selector"], spec["template"]["metadata"]["labels"])
        if selector.isThere { report.labelSelector(selector) } else { report.required(selector) }
        if let matcher = try? LabelSelector(object: selector.json), !matcher.matches(labels.value) {
            report.invalid(labels, labels.value ?? [:], "`selector` does not match template `labels`")
        }
        guard let old else { return }
        let was = Place(old.member("spec"))
        report.immutable(spec["selector"], was["selector"].value)
        report.immutable(spec["completionMode"], was["completionMode"].value)
        report.immutable(spec["podFailurePolicy"], was["podFailurePolicy"].value)
        report.immutable(spec["backoffLimitPerIndex"], was["backoffLimitPerIndex"].value)
        report.immutable(spec["managedBy"], was["managedBy"].value)
        template(spec, was, &report)
        // An indexed job may grow and shrink as long as as many pods run as are to complete.
        let completions = spec["completions"]
        if spec["completionMode"].text != "Indexed" {
            report.immutable(completions, was["completions"].value)
        } else if completions.int != was["completions"].int, completions.int != spec["parallelism"].int {
            report.invalid(completions, "can only be modified in tandem with spec.parallelism")
        }
    }

    /// A selector that the server makes selects the pods of this Job, and of no other.
    private static func generated(_ job: Place, _ spec: Place, _ report: inout Report) {
        let (uid, labels) = (job["metadata"]["uid"], spec["template"]["metadata"]["labels"])
        if uid.text.isEmpty { report.required(uid) }
        let name = job["metadata"]["name"].text
        let expected: [(key: String, value: String)] = [
            ("batch.kubernetes.io/controller-uid", uid.text), ("batch.kubernetes.io/job-name", name),
            ("controller-uid", uid.text), ("job-name", name),
        ]
        for (key, value) in expected {
            let place = Place(labels.value?.member(key), labels.path[key: key])
            if !place.isThere {
                report.required(place, "must be '\(value)'")
            } else if place.text != value {
                report.invalid(place, labels.json, "must be '\(value)'")
            }
        }
        let own = JSONValue.object(JSONObject(members: expected.map { .init(key: $0.key, value: .string($0.value)) }))
        guard let matcher = try? LabelSelector(object: spec["selector"].json), !matcher.matches(own) else { return }
        report.invalid(spec["selector"], "`selector` not auto-generated")
    }

    /// A job that is suspended and has not started may still be told where its pods run.
    private static func template(_ spec: Place, _ was: Place, _ report: inout Report) {
        func rest(_ template: JSONValue) -> JSONValue {
            guard was["suspend"].isTrue else { return template }
            var template = template
            template.updateMember("metadata") {
                $0.setMember("annotations", nil)
                $0.setMember("labels", nil)
            }
            template.updateMember("spec") { pod in
                for field in ["nodeSelector", "tolerations", "schedulingGates", "affinity"] {
                    pod.setMember(field, nil)
                }
                for list in ["containers", "initContainers"] {
                    pod.updateElements(list) { $0.setMember("resources", nil) }
                }
            }
            return template
        }
        if rest(spec["template"].json) != rest(was["template"].json) {
            report.invalid(spec["template"], "field is immutable")
        }
    }

    static func checkSpec(_ spec: Place, _ report: inout Report) {
        for field in [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
            "backoffLimitPerIndex", "maxFailedIndexes",
        ] {
            report.nonnegative(spec[field])
        }
        indices(spec, &report)
        let replacement = spec["podReplacementPolicy"]
        if spec["podFailurePolicy"].isThere, !["", "Failed"].contains(replacement.text) {
            report.notSupported(replacement, ["Failed"])
        }
        WorkloadRules.checkTemplate(spec["template"], &report)
        let policy = spec["template"]["spec"]["restartPolicy"]
        if policy.text.isEmpty || policy.text == "Always" {
            report.required(policy, "valid values: \"OnFailure\", \"Never\"")
        }
        if spec["podFailurePolicy"].isThere, policy.text != "Never" {
            report.invalid(
                policy, "only \"Never\" is supported when podFailurePolicy is specified")
        }
    }

    /// Jobs whose pods are numbered, and what only those may say.
    private static func indices(_ spec: Place, _ report: inout Report) {
        let (completions, parallelism) = (spec["completions"], spec["parallelism"])
        let (limit, failed) = (spec["backoffLimitPerIndex"], spec["maxFailedIndexes"])
        if failed.isThere, !limit.isThere { report.required(limit, "when maxFailedIndexes is specified") }
        guard spec["completionMode"].text == "Indexed" else {
            for field in [limit, failed] where field.isThere {
                report.invalid(field, "requires indexed completion mode")
            }
            return
        }
        func atMost(_ number: Int, _ place: Place, _ condition: String) {
            guard let count = place.int, count > number else { return }
            report.invalid(place, "must be less than or equal to \(number) when \(condition)")
        }
        if !completions.isThere { report.required(completions, "when completion mode is Indexed") }
        atMost(100_000, parallelism, "completion mode is Indexed")
        if let count = completions.int, let most = failed.int, most > count {
            report.invalid(failed, "must be less than or equal to completions")
        }
        atMost(100_000, failed, "completion mode is Indexed")
        guard let count = completions.int, count > 100_000, limit.isThere else { return }
        if !failed.isThere { report.required(failed, "must be specified when completions is above 100000") }
        for field in [parallelism, failed] {
            atMost(10_000, field, "completions are above 100000 and used with backoff limit per index")
        }
    }
}
