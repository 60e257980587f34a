/// A message's protobuf fields by number: which field each number is, or which embedded message.
struct WireTable: Sendable {
    enum Entry: Sendable {
        /// Position in the schema's `fields`.
        case field(Int)
        /// A message whose fields stand among the outer one's in JSON.
        case embedded(WireTable)
    }

    /// In the order of the numbers.
    private(set) var entries: [(number: Int, entry: Entry)] = []
    /// Position in `entries` by number; -1 for none.
    private var positions: [Int16] = []

    init() {}

    init(_ list: [(number: Int, entry: Entry)]) {
        entries = list.sorted { $0.number < $1.number }
        positions = [Int16](repeating: -1, count: (entries.last?.number ?? 0) + 1)
        for (position, item) in entries.enumerated() { positions[item.number] = Int16(position) }
    }

    subscript(number: Int) -> Entry? {
        guard number > 0, number < positions.count, positions[number] >= 0 else { return nil }
        return entries[Int(positions[number])].entry
    }

    /// The table for fields that stand `offset` places further on in another message.
    func shifted(by offset: Int) -> WireTable {
        WireTable(
            entries.map { number, entry in
                switch entry {
                case .field(let position): (number, .field(position + offset))
                case .embedded(let table): (number, .embedded(table.shifted(by: offset)))
                }
            })
    }

    /// All fields of the table, those of embedded messages too.
    var fieldIndices: [Int] {
        entries.flatMap { _, entry in
            switch entry {
            case .field(let index): [index]
            case .embedded(let table): table.fieldIndices
            }
        }
    }

    /// The number of a field that is not embedded; 0 for none.
    func number(of field: Int) -> Int {
        for (number, entry) in entries { if case .field(field) = entry { return number } }
        return 0
    }
}
