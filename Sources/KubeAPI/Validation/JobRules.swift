internal import JSON

/// Jobs and CronJobs.
enum JobRules {
    @Sendable static func check(_ job: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = job["spec"]
        checkSpec(spec, &report)
        WorkloadRules.checkSelector(spec, "job", &report)
        guard let old else { return }
        let was = Place(old.member("spec"))
        report.immutable(spec["selector"], was["selector"].value)
        report.immutable(spec["completionMode"], was["completionMode"].value)
        report.immutable(spec["podFailurePolicy"], was["podFailurePolicy"].value)
        report.immutable(spec["backoffLimitPerIndex"], was["backoffLimitPerIndex"].value)
        report.immutable(spec["managedBy"], was["managedBy"].value)
        template(spec, was, &report)
        // An indexed job may grow and shrink as long as as many pods run as are to complete.
        let isElastic =
            spec["completionMode"].text == "Indexed" && spec["completions"].value == spec["parallelism"].value
        if !isElastic { report.immutable(spec["completions"], was["completions"].value) }
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
        WorkloadRules.checkTemplate(spec["template"], &report)
        let policy = spec["template"]["spec"]["restartPolicy"]
        if policy.text.isEmpty || policy.text == "Always" {
            report.required(policy, "valid values: \"OnFailure\", \"Never\"")
        }
        if spec["completionMode"].text == "Indexed" {
            if !spec["completions"].isThere {
                report.required(spec["completions"], "when completion mode is Indexed")
            }
            if let count = spec["parallelism"].int, count > 100_000 {
                report.invalid(
                    spec["parallelism"], "must be less than or equal to 100000 when completion mode is Indexed")
            }
        } else if spec["backoffLimitPerIndex"].isThere {
            report.invalid(spec["backoffLimitPerIndex"], "requires indexed completion mode")
        }
        if spec["podFailurePolicy"].isThere, policy.text != "Never" {
            report.invalid(
                policy, "only \"Never\" is supported when podFailurePolicy is specified")
        }
    }

    @Sendable static func checkCronJob(_ job: Place, _ old: JSONValue?, _ report: inout Report) {
        let (name, spec) = (job["metadata"]["name"], job["spec"])
        // A job's name is the CronJob's and eleven characters of time, and ends up in a label.
        if name.text.utf8.count > 52 { report.invalid(name, "must be no more than 52 characters") }
        let schedule = spec["schedule"]
        if schedule.text.isEmpty {
            report.required(schedule)
        } else if let problem = CronSchedule.problem(schedule.text) {
            report.invalid(schedule, problem)
        }
        for field in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
            report.nonnegative(spec[field])
        }
        let zone = spec["timeZone"]
        if zone.isThere, zone.text.isEmpty { report.invalid(zone, "timeZone must be nil or non-empty string") }
        if zone.text == "Local" {
            report.invalid(zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        }
        let template = spec["jobTemplate"]["spec"]
        if template["manualSelector"].isTrue {
            report.notSupported(template["manualSelector"], ["nil", "false"])
        }
        checkSpec(template, &report)
    }
}

/// The five fields of a CronJob's schedule.
enum CronSchedule {
    private static let fields: [(name: String, range: ClosedRange<Int>, words: [String])] = [
        ("minute", 0...59, []), ("hour", 0...23, []), ("day-of-month", 1...31, []),
        ("month", 1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day-of-week", 0...7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]
    private static let descriptors: Set<String> = [
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ]

    /// What is wrong with it; nil when nothing is.
    static func problem(_ text: String) -> String? {
        if text.contains("TZ") { return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead" }
        if text.hasPrefix("@") {
            return descriptors.contains(text) || text.hasPrefix("@every ") ? nil : "unrecognized descriptor: \(text)"
        }
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == fields.count else {
            return "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]"
        }
        for (part, field) in zip(parts, fields) {
            for item in part.split(separator: ",", omittingEmptySubsequences: false) {
                if let problem = problem(item, field.range, field.words) { return problem }
            }
        }
        return nil
    }

    private static func problem(_ item: Substring, _ range: ClosedRange<Int>, _ words: [String]) -> String? {
        let steps = item.split(separator: "/", omittingEmptySubsequences: false)
        if steps.count > 2 { return "too many slashes: \(item)" }
        if steps.count == 2, Int(steps[1]) ?? 0 < 1 { return "failed to parse int from \(steps[1])" }
        if steps[0] == "*" || steps[0] == "?" { return nil }
        let ends = steps[0].split(separator: "-", omittingEmptySubsequences: false)
        if ends.count > 2 { return "too many hyphens: \(item)" }
        var numbers: [Int] = []
        for end in ends {
            let word = lowercasedASCII(String(end))
            guard let number = Int(end) ?? words.firstIndex(of: word).map({ $0 + range.lowerBound }) else {
                return "failed to parse int from \(end)"
            }
            if number < range.lowerBound {
                return "beginning of range (\(number)) below minimum (\(range.lowerBound)): \(item)"
            }
            if number > range.upperBound {
                return "end of range (\(number)) above maximum (\(range.upperBound)): \(item)"
            }
            numbers.append(number)
        }
        if numbers.count == 2, numbers[0] > numbers[1] {
            return "beginning of range (\(numbers[0])) beyond end of range (\(numbers[1])): \(item)"
        }
        return nil
    }
}
