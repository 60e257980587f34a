package import NetTypes

/// A report as a table for people: who asks on the left, who answers on top.
package struct Matrix {
    private let rows: [String]
    private let columns: [String]
    private let cells: [String: [String: Finding]]

    /// Of one family's findings.
    package init(_ report: CheckReport, _ family: IPFamily) {
        let findings = report.findings.filter { $0.family == family }
        rows = report.hosts
        columns = report.hosts + ["outside"]
        cells = findings.reduce(into: [:]) { $0[$1.source, default: [:]][$1.destination] = $1 }
    }

    /// One line a row: `✓` all probes held, `✗` one did not, `·` not asked.
    package var text: String {
        let labelWidth = (rows.map(\.count).max() ?? 0) + 2
        let widths = columns.map { max($0.count, 1) + 2 }
        var lines = [Self.pad("", labelWidth) + zip(columns, widths).map { Self.pad($0, $1) }.joined()]
        for row in rows {
            let marks = zip(columns, widths).map { column, width in
                Self.pad(cells[row]?[column].map { $0.holds ? "✓" : "✗" } ?? "·", width)
            }
            lines.append(Self.pad(row, labelWidth) + marks.joined())
        }
        return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
