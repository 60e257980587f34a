internal import Linux
internal import NFTables

/// The table as it was at one moment.
struct TableReading: Sendable {
    /// Of the ruleset, before the table was read.
    let generation: UInt32
    let table: InstalledTable
    let slots: SlotMemory

    init(_ socket: inout NFTSocket) throws(NFTError) {
        generation = try socket.generation()
        table = try InstalledTable(&socket)
        slots = table.slots
    }

    /// By a thread of its own: the kernel takes as long to tell it as the API server does to list Services.
    static func begin() throws(SystemError) -> ThreadResult<TableReading> {
        try ThreadResult("table") {
            var socket = try NFTSocket()
            return try TableReading(&socket)
        }
    }
}
