internal import Glibc
internal import Linux

/// What every Prometheus client says about its own process, under the names that dashboards expect.
package struct ProcessMetrics: Sendable {
    private let memory: Gauge
    private let descriptors: Gauge
    private let processorTime: Counter
    private let startTime: Gauge

    package init(_ metrics: Metrics) {
        memory = metrics.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
        descriptors = metrics.gauge("process_open_fds", "Number of open file descriptors.")
        processorTime = metrics.counter("process_cpu_seconds_total", "User and system time spent so far, in seconds.")
        startTime = metrics.gauge(
            "process_start_time_seconds", "Start time of the process since the epoch, in seconds.")
        startTime.set(Double(time(nil)))
    }

    /// Reads the figures anew; call it before each exposition. What cannot be read keeps its last value.
    package func update() {
        if let statm = try? Files.readText("/proc/self/statm"),
            let pages = Int(statm.split(separator: " ").dropFirst().first ?? "")
        {
            memory.set(Double(pages * Int(getpagesize())))
        }
        if let open = try? Files.list("/proc/self/fd") { descriptors.set(Double(open.count)) }
        var usage = rusage()
        if getrusage(RUSAGE_SELF.rawValue, &usage) == 0 {
            processorTime.values.change([]) { $0 = seconds(usage.ru_utime) + seconds(usage.ru_stime) }
        }
    }

    private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
