internal import Glibc
internal import Linux

/// Tells the service manager how the daemon is (sd_notify(3)). Without one, nothing is said and nothing fails.
package struct ServiceNotifier: Sendable {
    private let socket: String?
    /// How often `watchdog` must be called: half of the time after which the manager believes that the daemon hangs.
    /// nil when it does not watch.
    package let watchdogInterval: Duration?

    package init(environment: [String: String]) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isForUs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogInterval =
            isForUs && socket != nil
            ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { $0 > 0 ? .microseconds($0 / 2) : nil } : nil
    }

    package func ready() { send("READY=1") }
    /// One line that `systemctl status` shows.
    package func status(_ text: String) {
        send("STATUS=" + text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }
    package func stopping() { send("STOPPING=1") }
    package func watchdog() { send("WATCHDOG=1") }

    /// A manager that does not listen is no reason to stop a network.
    private func send(_ message: String) {
        if let socket { try? UnixDatagram.send(message.utf8, to: socket) }
    }
}
