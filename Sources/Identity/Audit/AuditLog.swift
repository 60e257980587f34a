internal import Glibc
package import Linux

/// The audit log's file: events are gathered and written together, and the file is exchanged for a new one when it has
/// grown. It belongs to the event loop, which calls `flush` once a turn.
package final class AuditLog {
    private let path: String
    private let longest: Int
    private let backups: Int
    private var file: FileDescriptor?
    private var length = 0
    private var pending: [UInt8] = []
    /// Lines that could not be written: the server goes on, and says so in its metrics.
    package private(set) var lost = 0

    /// The file is made with mode 0600. After `longest` bytes it becomes `PATH.1` and a new one is begun; of older ones,
    /// `PATH.2` and so on, `backups` are kept.
    package init(_ path: String, longest: Int = 100 << 20, backups: Int = 10) throws(SystemError) {
        self.path = path
        self.longest = longest
        self.backups = backups
        try open()
    }

    package func append(_ event: AuditEvent) {
        pending.append(contentsOf: event.line)
        if pending.count > 1 << 20 { flush() }
    }

    /// Writes what has been gathered.
    package func flush() {
        if pending.isEmpty { return }
        do throws(SystemError) {
            if length + pending.count > longest && length > 0 { try rotate() }
            if file == nil { try open() }
            try file?.writeAll(pending)
            length += pending.count
        } catch {
            lost += pending.count { $0 == UInt8(ascii: "\n") }
        }
        pending.removeAll(keepingCapacity: true)
    }

    deinit { flush() }

    private func open() throws(SystemError) {
        file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
        length = try FileStatus(path).map { Int($0.size) } ?? 0
    }

    private func rotate() throws(SystemError) {
        file = nil
        if backups > 0 {
            for number in stride(from: backups - 1, through: 1, by: -1) where Files.exists("\(path).\(number)") {
                try check("rename", "\(path).\(number)") { rename("\(path).\(number)", "\(path).\(number + 1)") }
            }
            try check("rename", path) { rename(path, "\(path).1") }
        } else {
            try Files.remove(path)
        }
        try open()
    }
}
