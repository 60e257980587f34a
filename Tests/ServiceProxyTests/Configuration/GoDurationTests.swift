import TestSupport
import Testing

@testable import ServiceProxy

@Suite("Go's durations")
struct GoDurationTests {
    @Test(
        "are read as time.ParseDuration reads them",
        arguments: [
            ("0", Duration.zero), ("0s", .zero), ("-0", .zero), ("30s", .seconds(30)), ("1h30m", .seconds(5400)),
            ("1h0m0s", .seconds(3600)), ("250ms", .milliseconds(250)), ("1.5s", .milliseconds(1500)),
            (".5s", .milliseconds(500)), ("5.s", .seconds(5)), ("-2m", .seconds(-120)), ("+3us", .microseconds(3)),
            ("3µs", .microseconds(3)), ("3μs", .microseconds(3)), ("1ns", .nanoseconds(1)),
            ("0.3333333333333333333h", .nanoseconds(1_199_999_999_999)), ("1s1s", .seconds(2)),
            ("9223372036854775807ns", .nanoseconds(Int64.max)),
        ])
    func good(text: String, duration: Duration) {
        #expect(GoDuration.parse(text) == duration)
    }

    @Test(
        "of another form are none",
        arguments: [
            "", "-", "+", "3", "s", ".s", "1d", "1 s", "1s ", "1..5s", "1.5.s", "--1s", "1s-1s", "٣s", "1e3s",
            "9223372036854775808ns", "3000000h", "99999999999999999999s", "9999999999999999999h",
        ])
    func bad(text: String) {
        #expect(GoDuration.parse(text) == nil)
    }

    @Test(
        "are written as Duration.String writes them",
        arguments: [
            (Duration.zero, "0s"), (.nanoseconds(1), "1ns"), (.nanoseconds(1100), "1.1µs"),
            (.microseconds(2200), "2.2ms"), (.milliseconds(250), "250ms"), (.milliseconds(3300), "3.3s"),
            (.seconds(60), "1m0s"), (.seconds(245) + .milliseconds(1), "4m5.001s"), (.seconds(3600), "1h0m0s"),
            (.seconds(86400), "24h0m0s"), (.milliseconds(-1500), "-1.5s"), (.nanoseconds(-5), "-5ns"),
        ])
    func written(duration: Duration, text: String) {
        #expect(GoDuration.text(duration) == text)
    }

    @Test("are the same when they are read back")
    func roundTrip() {
        var random = SeededGenerator()
        for _ in 0..<5000 {
            let width = Int64.random(in: 0...62, using: &random)
            let count = Int64.random(in: -(1 << width)...(1 << width), using: &random)
            let text = GoDuration.text(.nanoseconds(count))
            #expect(GoDuration.parse(text) == .nanoseconds(count), "\(text), seed \(random.seed)")
        }
    }
}
