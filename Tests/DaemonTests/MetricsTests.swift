import Daemon
import Foundation
import TestSupport
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("families and samples are written in a stable order")
    func exposition() {
        let metrics = Metrics()
        let renewals = metrics.counter("poplin_lease_renewals_total", "Renewals.", labels: ["result"])
        let peers = metrics.gauge("poplin_peers", "Peers.")
        let time = metrics.histogram("poplin_sync_seconds", "Time.", buckets: [0.1, 1])
        renewals.increment("ok")
        renewals.increment(by: 2, "error")
        renewals.increment("ok")
        peers.set(2.5)
        for value in [0.05, 0.1, 0.5, 7] { time.observe(value) }
        #expect(
            metrics.exposition == """
                # HELP poplin_lease_renewals_total Renewals.
                # TYPE poplin_lease_renewals_total counter
                poplin_lease_renewals_total{result="error"} 2
                poplin_lease_renewals_total{result="ok"} 2
                # HELP poplin_peers Peers.
                # TYPE poplin_peers gauge
                poplin_peers 2.5
                # HELP poplin_sync_seconds Time.
                # TYPE poplin_sync_seconds histogram
                poplin_sync_seconds_bucket{le="0.1"} 2
                poplin_sync_seconds_bucket{le="1"} 3
                poplin_sync_seconds_bucket{le="+Inf"} 4
                poplin_sync_seconds_sum 7.65
                poplin_sync_seconds_count 4

                """)
    }

    @Test("label values are escaped, and a removed sample is gone")
    func labels() {
        let metrics = Metrics()
        let gauge = metrics.gauge("g", "Back\\slash\nline.", labels: ["a", "b"])
        gauge.set(1, "say \"x\"\n", "\\")
        gauge.set(1, "gone", "")
        gauge.remove("gone", "")
        #expect(
            metrics.exposition
                == "# HELP g Back\\\\slash\\nline.\n# TYPE g gauge\ng{a=\"say \\\"x\\\"\\n\",b=\"\\\\\"} 1\n")
    }

    @Test("promtool has nothing to object to", .requiresProgram("promtool"))
    func promtool() throws {
        let metrics = Metrics()
        ProcessMetrics(metrics).update()
        metrics.counter("poplin_errors_total", "Errors.", labels: ["peer"]).increment("10.0.0.1 \"x\"\\\n")
        metrics.gauge("poplin_ratio", "Ratio.").set(.nan)
        metrics.histogram("poplin_sync_seconds", "Time.", labels: ["family"]).observe(.milliseconds(3), "v4")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Program.path(of: "promtool")))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe.unshared, Pipe.unshared)
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.start()
        input.fileHandleForWriting.write(Data(metrics.exposition.utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(said == "")
    }
}
