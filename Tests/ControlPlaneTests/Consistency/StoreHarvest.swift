import Linux
import TestSupport

@testable import Store

/// Reads the history from the server's file: while it runs, as a backup does, and after it was killed, from a copy, so
/// that the server that comes next finds the file as the killed one has left it.
struct StoreHarvest {
    private let path: String
    private(set) var history = History()
    /// The last revision that was read.
    private(set) var revision: Revision = 1
    private(set) var problems: [String] = []

    init(_ path: String) { self.path = path }

    mutating func take(isRunning: Bool) throws {
        if isRunning {
            try read(SQLiteDatabase(path, .readOnly))
            return
        }
        let directory = try TemporaryDirectory()
        for suffix in ["", "-wal"] where Files.exists(path + suffix) {
            try Files.store(directory.file("copy" + suffix), Files.read(path + suffix, limit: 1 << 30))
        }
        try read(SQLiteDatabase(directory.file("copy"), .readWrite))
    }

    private mutating func read(_ database: borrowing SQLiteDatabase) throws {
        try database.execute("PRAGMA busy_timeout = 5000", "configure")
        let rows = try database.prepare("\(RevisionRow.select) WHERE revision > ?1 ORDER BY revision", "read")
        try rows.bind(1, revision)
        while try rows.step() {
            guard let row = RevisionRow(rows) else {
                problems.append("revision \(rows.integer(0)) is not what was written")
                return
            }
            if row.revision != revision + 1 {
                problems.append("revision \(row.revision) comes after \(revision)")
            }
            revision = row.revision
            history.append(row.key, row.revision, row.value)
        }
    }
}
