import KubeClient
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "are read with fractions and offsets",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T17:33:20Z", 1_795_282_400),
            ("2026-11-21T18:33:20.123456+01:00", 1_795_282_400), ("2026-11-21t12:03:20-05:30", 1_795_282_400),
            ("2026-13-21T17:33:20Z", nil), ("2026-11-21 17:33:20Z", nil), ("2026-11-21T17:33:20", nil), ("", nil),
            ("2026-11-21T17:33:20.Z", nil), ("2026-11-21T17:33:20+0100", nil),
        ])
    func reading(_ text: String, _ expected: Int?) { #expect(Timestamp.seconds(text) == expected) }

    @Test("are written to the second or the microsecond")
    func writing() {
        #expect(Timestamp.text(1_795_282_400) == "2026-11-21T17:33:20Z")
        #expect(Timestamp.text(0, microseconds: 42) == "1970-01-01T00:00:00.000042Z")
        #expect(Timestamp.seconds(Timestamp.now(microseconds: true)) != nil)
    }
}
