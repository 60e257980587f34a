import Linux
import TestSupport

@testable import Store

/// Reads the history from the server's file as a backup does: while the server runs, and is killed, and begins.
struct StoreHarvest {
    private let path: String
    private(set) var history = History()
    /// The last revision that was read.
    private(set) var revision: Revision = 1
    private(set) var problems: [String] = []

    init(_ path: String) { self.path = path }

    mutating func take() throws {
        let database = try SQLiteDatabase(path, .readOnly)
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
