internal import Glibc
internal import Linux

/// The process around `Runner`: real environment, stdin, stdout and stderr.
package enum CommandLineRun {
    /// A network configuration is a few kilobytes; more than this is no configuration.
    private static let inputLimit = 16 << 20

    /// Does the call that this process was started for. Returns the exit status.
    package static func main() -> Int32 {
        // Neither a child that does not read its stdin nor a runtime that is gone may end this process: what was begun
        // is finished or undone.
        SignalDescriptor.ignoreBrokenPipes()
        let rollback = Rollback()
        let outcome = Runner(registry: .all, machine: Machine()).run(
            program: CommandLine.arguments.first ?? "",
            variable: { getenv($0).map { String(cString: $0) } },
            input: {
                let descriptor = FileDescriptor(owning: 0)
                let result = Result { try descriptor.readAll(limit: inputLimit) }
                // It stays open: whatever is opened next must not get the number 0.
                _ = descriptor.release()
                return try result.get()
            },
            rollback: rollback)
        if !outcome.errors.isEmpty { write(outcome.errors, to: 2) }
        if write(outcome.output, to: 1) { return outcome.status }
        // The runtime will never know of this attachment, so it must not exist.
        for failure in rollback.unwind() { write("\(failure)\n", to: 2) }
        return 1
    }

    /// False when not all of it could be written.
    @discardableResult
    private static func write(_ text: String, to descriptor: CInt) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if Errno.last != .interrupted { return false }
        }
        return true
    }
}
