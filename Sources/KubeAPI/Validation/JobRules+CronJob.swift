internal import JSON

extension JobRules {
    @Sendable static func checkCronJob(_ job: Place, _ old: JSONValue?, _ report: inout Report) {
        let (name, spec) = (job["metadata"]["name"], job["spec"])
        // A job's name is the CronJob's and eleven characters of time, and ends up in a label.
        if old == nil, name.text.utf8.count > 52 { report.invalid(name, "must be no more than 52 characters") }
        checkSchedule(spec, old?.member("spec"), &report)
        for field in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
            report.nonnegative(spec[field])
        }
        // What is stored may name a zone that this release does not know.
        let zone = spec["timeZone"]
        if old == nil || old?.member(at: "spec", "timeZone") != zone.value { checkTimeZone(zone, &report) }
        let template = spec["jobTemplate"]["spec"]
        checkSpec(template, &report)
        if template["selector"].isThere {
            report.invalid(template["selector"], "`selector` will be auto-generated")
        }
        if template["manualSelector"].isTrue {
            report.notSupported(template["manualSelector"], ["nil", "false"])
        }
    }

    private static func checkSchedule(_ spec: Place, _ old: JSONValue?, _ report: inout Report) {
        let schedule = spec["schedule"]
        if schedule.text.isEmpty { return report.required(schedule) }
        if let problem = CronSchedule.problem(schedule.text) { report.invalid(schedule, problem) }
        guard schedule.text.contains("TZ") else { return }
        // Older releases took a zone in the schedule, and one that is there may stay.
        if old?.member("schedule")?.string?.contains("TZ") != true {
            report.invalid(schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
        } else if spec["timeZone"].isThere {
            report.invalid(schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule")
        }
    }

    private static func checkTimeZone(_ zone: Place, _ report: inout Report) {
        guard zone.isThere else { return }
        if zone.text.isEmpty { return report.invalid(zone, "timeZone must be nil or non-empty string") }
        if lowercasedASCII(zone.text) == "local" {
            report.invalid(zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        }
        if zone.text != "Local", !TimeZoneNames.contains(zone.text) {
            report.invalid(zone, "unknown time zone \(zone.text)")
        }
    }
}
