import JSON
import Testing

@testable import KubeAPI

@Suite struct CronJobValidationTests {
    private static func job(_ schedule: String, _ fields: String = "") -> String {
        #"{"apiVersion":"batch/v1","kind":"CronJob","spec":{"schedule":"\#(schedule)"\#(fields),"jobTemplate":{"spec":"#
            + #"{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}"#
    }

    @Test(
        "a zone is one of the time zone database",
        arguments: [
            ("Europe/Paris", nil), ("UTC", nil), ("America/Argentina/Buenos_Aires", nil), ("Etc/GMT+12", nil),
            ("GMT+0", nil),
            ("Asia/Ho_Chi_Minh", nil),
            ("", "timeZone must be nil or non-empty string"), ("Europe/Nowhere", "unknown time zone Europe/Nowhere"),
            ("europe/paris", "unknown time zone europe/paris"), ("../etc/passwd", "unknown time zone ../etc/passwd"),
            ("Europe", "unknown time zone Europe"), ("CEST", "unknown time zone CEST"),
            ("Local", "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"),
        ] as [(String, String?)])
    func zones(zone: String, problem: String?) throws {
        let causes = try Checked.created(Self.job("@daily", #","timeZone":"\#(zone)""#))
        #expect(causes == (problem.map { ["spec.timeZone: Invalid value: \"\(zone)\": \($0)"] } ?? []))
    }

    @Test("a zone that is stored stays, though this release may not know it")
    func storedZone() throws {
        let text = Self.job("@daily", #","timeZone":"Europe/Nowhere""#)
        #expect(try Checked.updated(text) { $0.updateMember("spec") { $0.setMember("suspend", true) } } == [])
        let moved = try Checked.updated(text) { $0.updateMember("spec") { $0.setMember("timeZone", "Mars/Utopia") } }
        #expect(moved == [#"spec.timeZone: Invalid value: "Mars/Utopia": unknown time zone Mars/Utopia"#])
    }

    @Test(
        "schedules are those of cron, without a zone",
        arguments: [
            ("*/5 1-3 ? jan mon-fri", []), ("@every 1h30m", []), ("@every 1.5s", []),
            ("TZ=UTC 0 * * * *", ["cannot use TZ or CRON_TZ in schedule, use timeZone field instead"]),
            (
                "CRON_TZ=Mars 0 * * * *",
                [
                    "provided bad location Mars: unknown time zone Mars",
                    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
                ]
            ),
            ("@every day", [#"failed to parse duration @every day: time: invalid duration "day""#]),
            ("@fortnightly", ["unrecognized descriptor: @fortnightly"]),
            ("* * * *", ["expected exactly 5 fields, found 4: [* * * *]"]),
            ("60 * * * *", ["end of range (60) above maximum (59): 60"]),
        ] as [(String, [String])])
    func schedules(schedule: String, problems: [String]) throws {
        let causes = try Checked.created(Self.job(schedule))
        #expect(causes == problems.map { "spec.schedule: Invalid value: \"\(schedule)\": \($0)" })
    }

    @Test("a schedule with a zone that older releases took may stay, but not beside a zone of its own")
    func storedSchedule() throws {
        let text = Self.job("TZ=UTC 0 * * * *")
        let changed = try Checked.updated(text) {
            $0.updateMember("spec") { $0.setMember("schedule", "TZ=UTC 1 * * * *") }
        }
        #expect(changed == [])
        let both = try Checked.updated(text) { $0.updateMember("spec") { $0.setMember("timeZone", "UTC") } }
        #expect(
            both == [
                #"spec.schedule: Invalid value: "TZ=UTC 0 * * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule"#
            ])
    }
}
