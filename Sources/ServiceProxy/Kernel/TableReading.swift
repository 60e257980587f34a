internal import Linux
internal import NFTables
internal import Synchronization

/// The table as it is at the start, read by a thread of its own: the kernel takes as long to tell it as the API server does
/// to list Services.
struct TableReading: ~Copyable {
    struct Result: Sendable {
        /// Of the ruleset, before the table was read.
        var generation: UInt32
        var table: InstalledTable
        var slots: SlotMemory

        init(_ socket: inout NFTSocket) throws(NFTError) {
            generation = try socket.generation()
            table = try InstalledTable(&socket)
            slots = table.slots
        }
    }

    private final class Outcome: Sendable { let result = Mutex<Result?>(nil) }

    private let thread: Thread
    private let outcome = Outcome()

    init() throws(SystemError) {
        thread = try Thread("table") { [outcome] in
            guard var socket = try? NFTSocket(), let result = try? Result(&socket) else { return }
            outcome.result.withLock { $0 = result }
        }
    }

    /// Waits for the end. Nil if it could not be read: whoever reads it again is told why.
    consuming func wait() -> Result? {
        let outcome = outcome
        thread.join()
        return outcome.result.withLock { $0 }
    }
}
