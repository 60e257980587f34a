internal import NFTables
internal import NetTypes

/// One way in which the kernel's table is not the one that is wanted.
package struct TableDifference: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case missing, extra, different }

    package var kind: Kind
    /// What it is, as nft(8) writes it.
    package var object: String
    /// Of what is different: what the kernel has.
    package var found: String?
    /// Whose it is, where that is known.
    package var service: String?

    init(_ kind: Kind, _ object: String, found: String? = nil, service: String? = nil) {
        self.kind = kind
        self.object = object
        self.found = found
        self.service = service
    }
}

extension TableDifference: CustomStringConvertible {
    package var description: String {
        "\(kind) \(object)" + (found.map { ", found \($0)" } ?? "") + (service.map { "  (\($0))" } ?? "")
    }
}

extension InstalledTable {
    /// Element by element, rule by rule.
    package func differences(from wanted: Ruleset) -> [TableDifference] {
        guard rules != nil else { return [TableDifference(.missing, "table \(ProxySet.table)")] }
        let names = FrontNames(wanted, self)
        return wanted.chains.flatMap(differences) + unwantedChains(wanted)
            + Ruleset.sets.flatMap { differences(in: $0, from: wanted.elements[$0] ?? ElementList($0), names) }
    }

    // MARK: Chains

    private func differences(_ wanted: Ruleset.FilledChain) -> [TableDifference] {
        let chain = wanted.chain
        guard let found = chains[chain.name] else { return [TableDifference(.missing, "chain \(chain)")] }
        if found != chain {
            return [
                TableDifference(.different, "chain \(chain)\(chain.hooked)", found: "chain \(found)\(found.hooked)")
            ]
        }
        var left = rules?[chain.name] ?? []
        var missing: [Rule] = []
        for rule in wanted.rules.map({ Rule(chain, $0) }) {
            if let place = left.firstIndex(where: { $0.matches(rule) }) {
                left.remove(at: place)
            } else {
                missing.append(rule)
            }
        }
        if missing.isEmpty, left.isEmpty {
            let isOrdered = zip(rules?[chain.name] ?? [], wanted.rules).allSatisfy { $0.matches(Rule(chain, $1)) }
            return isOrdered ? [] : [TableDifference(.different, "order of the rules of chain \(chain)")]
        }
        return missing.map { TableDifference(.missing, "rule \(chain) \($0)") }
            + left.map { TableDifference(.extra, "rule \(chain) \($0.text)") }
    }

    /// Those that see packets. Others that nobody leads to any more do no harm, and stay for when they are wanted again.
    private func unwantedChains(_ wanted: Ruleset) -> [TableDifference] {
        let names = Set(wanted.chains.map(\.chain.name))
        return chains.values.filter { $0.base != nil && !names.contains($0.name) }.sorted { $0.name < $1.name }.map {
            TableDifference(.extra, "chain \($0)\($0.hooked)")
        }
    }

    // MARK: Elements

    private func differences(in set: NFTSet, from wanted: ElementList, _ names: FrontNames) -> [TableDifference] {
        let kind = set.isMap ? "map" : "set"
        guard let found = self.elements[set] else { return [TableDifference(.missing, "\(kind) \(set)")] }
        let (gone, come) = found.changes(to: wanted)
        func text(_ element: Element) -> String { "element \(set) { \(element) }" }
        var others = Dictionary(gone.map { (Place($0), $0) }) { first, _ in first }
        var differences: [TableDifference] = []
        for element in come {
            let name = names.name(of: element, in: set)
            if let other = others.removeValue(forKey: Place(element)) {
                differences.append(.init(.different, text(element), found: "{ \(other) }", service: name))
            } else {
                differences.append(.init(.missing, text(element), service: name))
            }
        }
        differences += others.values.map { .init(.extra, text($0), service: names.name(of: $0, in: set)) }
        return differences.sorted { ($0.object, $0.kind.rawValue) < ($1.object, $1.kind.rawValue) }
    }

    private struct Place: Hashable {
        let key: [Datum]
        let keyEnd: [Datum]?

        init(_ element: Element) {
            key = element.key
            keyEnd = element.keyEnd
        }
    }
}

/// Which Service has an address and port, by the elements that say so.
struct FrontNames {
    private var names: [[Datum]: String] = [:]

    init(_ wanted: Ruleset, _ installed: InstalledTable) {
        for set in [ProxySet.services, .nodePorts, .noEndpoints, .noEndpointNodePorts] {
            for family in IPFamily.allCases {
                for elements in [installed.elements[set.set(family)], wanted.elements[set.set(family)]] {
                    for element in elements ?? ElementList(set.set(family)) { names[element.key] = element.comment }
                }
            }
        }
    }

    /// Nil for an element that is not of one Service.
    func name(of element: Element, in set: NFTSet) -> String? {
        if let comment = element.comment { return comment }
        return switch ProxySet(set.name) {
        case .endpoints?, .localEndpoints?, .nodePortEndpoints?, .nodePortLocalEndpoints?:
            names[Array(element.key.dropLast())]
        case .allowed?: names[Array(element.key.dropLast())]
        case .firewalled?: names[element.key]
        default: nil
        }
    }
}

extension Chain {
    fileprivate var hooked: String { base.map { " { \($0) }" } ?? "" }
}

extension InstalledRule {
    fileprivate var text: String {
        statements.map { Rule(Chain(table, chain), $0, comment: comment).description } ?? "handle \(handle)"
    }
}
