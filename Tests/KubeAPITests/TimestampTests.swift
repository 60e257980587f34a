import KubeAPI
import TestSupport
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "texts of RFC 3339 and the moments they name",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-21T17:30:00Z", 1_795_282_200, 0),
            ("2000-02-29T23:59:59Z", 951_868_799, 0), ("1969-12-31T23:59:59Z", -1, 0),
            ("2026-11-21T17:30:00.000001Z", 1_795_282_200, 1), ("2026-11-21T17:30:00.5Z", 1_795_282_200, 500_000),
            ("2026-11-21T19:30:00+02:00", 1_795_282_200, 0),
            ("2026-11-21T12:00:00.123456789-05:30", 1_795_282_200, 123_456),
            ("0000-01-01T00:00:00Z", -62_167_219_200, 0), ("9999-12-31T23:59:59.999999Z", 253_402_300_799, 999_999),
        ])
    func parse(text: String, seconds: Int, microseconds: Int) {
        #expect(Timestamp(text) == Timestamp(seconds: seconds, microseconds: microseconds))
    }

    @Test("every moment comes back from its text")
    func roundTrip() {
        var random = SeededGenerator()
        for _ in 0..<20_000 {
            let time = Timestamp(
                seconds: .random(in: -60_000_000_000...250_000_000_000, using: &random),
                microseconds: .random(in: 0..<1_000_000, using: &random))
            #expect(Timestamp(time.microTime) == time, "seed \(random.seed)")
            #expect(Timestamp(time.time)?.seconds == time.seconds, "seed \(random.seed)")
        }
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "2026-11-21", "2026-11-21T17:30:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-11-21T24:00:00Z", "2026-11-21T17:60:00Z", "2026-11-21T17:30:00.Z", "2026-11-21T17:30:00+0200",
            "2026-11-21T17:30:00Zx", "2026-11-21 17:30:00Z", "+026-11-21T17:30:00Z", "2026-11-21T17:30:00+2",
            "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:00-00:01",
        ])
    func refused(text: String) { #expect(Timestamp(text) == nil) }

    @Test(
        "are read with fractions and offsets",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T17:33:20Z", 1_795_282_400),
            ("2026-11-21T18:33:20.123456+01:00", 1_795_282_400), ("2026-11-21t12:03:20-05:30", 1_795_282_400),
            ("2026-13-21T17:33:20Z", nil), ("2026-11-21 17:33:20Z", nil), ("2026-11-21T17:33:20", nil), ("", nil),
            ("2026-11-21T17:33:20.Z", nil), ("2026-11-21T17:33:20+0100", nil),
        ])
    func offsets(_ text: String, _ expected: Int?) { #expect(Timestamp(text)?.seconds == expected) }

    @Test("are written to the second or the microsecond")
    func writing() {
        #expect(Timestamp(seconds: 1_795_282_400).time == "2026-11-21T17:33:20Z")
        #expect(Timestamp(seconds: 0, microseconds: 42).microTime == "1970-01-01T00:00:00.000042Z")
        #expect(Timestamp(Timestamp.now.microTime) != nil)
        #expect(Timestamp(since1970: 1_795_282_400.25).microTime == "2026-11-21T17:33:20.250000Z")
        #expect(Timestamp(since1970: 1e19).time == "9999-12-31T23:59:59Z")
        #expect(Timestamp(since1970: -1e19).time == "0000-01-01T00:00:00Z")
    }
}
