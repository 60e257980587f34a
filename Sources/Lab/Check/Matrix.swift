package import NetTypes

/// A report as a table for people: who asks on the left, who answers on top.
package struct Matrix {
    private let rows: [String]
    private let columns: [String]
    /// Whether all held, by row and column.
    private var cells: [String: [String: Bool]] = [:]

    /// Of one family's findings.
    package init(_ report: CheckReport, _ family: IPFamily) {
        rows = report.hosts
        columns = report.hosts + ["outside"]
        for finding in report.findings where finding.family == family {
            mark(finding.source, finding.destination, finding.holds)
        }
    }

    /// Of Services: who is asked on the left, who asks on top.
    package init(services report: CheckReport, _ family: IPFamily) {
        var rows: [String] = []
        for finding in report.findings where finding.family == family && !rows.contains(finding.destination) {
            rows.append(finding.destination)
        }
        self.rows = rows
        columns = report.hosts + ["outside"]
        for finding in report.findings where finding.family == family {
            mark(finding.destination, finding.source, finding.holds)
        }
    }

    private mutating func mark(_ row: String, _ column: String, _ holds: Bool) {
        cells[row, default: [:]][column] = holds && cells[row]?[column] ?? true
    }

    /// One line a row: `✓` all probes held, `✗` one did not, `·` not asked.
    package var text: String {
        let labelWidth = (rows.map(\.count).max() ?? 0) + 2
        let widths = columns.map { max($0.count, 1) + 2 }
        var lines = [Self.pad("", labelWidth) + zip(columns, widths).map { Self.pad($0, $1) }.joined()]
        for row in rows {
            let marks = zip(columns, widths).map { column, width in
                Self.pad(cells[row]?[column].map { $0 ? "✓" : "✗" } ?? "·", width)
            }
            lines.append(Self.pad(row, labelWidth) + marks.joined())
        }
        return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
