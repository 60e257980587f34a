package import JSON
internal import NFTables
internal import NetTypes

/// How much is in the kernel's table.
package struct TableCounts: Hashable, Sendable {
    package var chains = 0
    /// Ports of Services by their names, one for both families.
    package var ports = 0
    /// Different endpoints of all Services.
    package var endpoints = 0
    /// Of each set that is not empty.
    package var sets: [String: Int] = [:]

    /// Nil when there is no table.
    package init?(_ table: InstalledTable) {
        guard table.rules != nil else { return nil }
        chains = table.chains.count
        var names: Set<String> = []
        var values: Set<Element.Value> = []
        for (set, elements) in table.elements where !elements.isEmpty {
            sets[set.name] = elements.count
            switch ProxySet(set.name) {
            case .services?, .nodePorts?, .noEndpoints?, .noEndpointNodePorts?:
                names.formUnion(elements.compactMap(\.comment))
            case .endpoints?, .localEndpoints?, .nodePortEndpoints?, .nodePortLocalEndpoints?:
                values.formUnion(elements.compactMap(\.value))
            default: break
            }
        }
        ports = names.count
        endpoints = values.count
    }

    /// For people.
    package var text: String {
        let width = sets.keys.reduce(0) { max($0, $1.count) }
        let lines = sets.sorted { $0.key < $1.key }.map { name, count in
            "  \(name)\(String(repeating: " ", count: width - name.count))  \(count)"
        }
        return (["table      \(ports) ports of Services, \(endpoints) endpoints, \(chains) chains"] + lines)
            .map { $0 + "\n" }.joined()
    }

    /// For programs.
    package var json: JSONValue {
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        return [
            "ports": number(ports), "endpoints": number(endpoints), "chains": number(chains),
            "elements": .object(JSONObject(sets.sorted { $0.key < $1.key }.map { ($0.key, number($0.value)) })),
        ]
    }
}
