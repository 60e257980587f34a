import Lab
import NFTables
import NetTypes

@testable import ServiceProxy

/// What a table must be at any moment, whoever is killed.
struct TableState: Equatable {
    var elements: [NFTSet: Set<Element>] = [:]
    /// How many rules each chain has.
    private var rules: [String: Int] = [:]

    init(_ installed: InstalledTable) {
        elements = installed.elements.mapValues { Set($0) }
        rules = (installed.rules ?? [:]).mapValues(\.count)
    }

    /// The same elements, and the same rules in the chains that no element leads to. Those that one has led to may stay.
    static func == (a: TableState, b: TableState) -> Bool { a.elements == b.elements && a.fixed == b.fixed }

    private var fixed: [String: Int] { rules.filter { !$0.key.contains("4-") && !$0.key.contains("6-") } }

    /// Fronts that lead to a chain which picks among more or fewer endpoints than there are.
    var contradictions: [String] {
        var found: [String] = []
        for family in IPFamily.allCases {
            let slots = elements[ProxySet.endpoints.set(family)] ?? []
            for front in elements[ProxySet.services.set(family)] ?? [] {
                guard case .verdict(.goto(let chain))? = front.value else { continue }
                let own = Set(slots.filter { Array($0.key.dropLast()) == front.key }.compactMap(\.key.last))
                let wanted = Set((0..<own.count).map { Datum.mark(UInt32($0)) })
                if own != wanted || own.isEmpty || !chain.hasSuffix("-\(own.count)") {
                    found.append("\(front) leads to \(chain) with \(own.count) endpoints")
                }
                if rules[chain] == nil { found.append("\(front) leads to \(chain), which has no rule") }
            }
        }
        return found
    }
}

extension LiveNode {
    /// Of one moment: what was read while somebody wrote is read again.
    func table() throws -> TableState {
        try node.run {
            var socket = try NFTSocket()
            while true {
                let generation = try socket.generation()
                let state = TableState(try InstalledTable(&socket))
                if try socket.generation() == generation { return state }
            }
        }
    }
}
