internal import JSON
package import NetTypes

/// What the store, where it knows nodes, says about this one: an operator's wishes, and what was published of it before.
package struct NodeWishes: Hashable, Sendable {
    /// The node's address to use, which chooses the interface, too.
    package var chosen: [IPFamily: IPAddress] = [:]
    /// The address to publish, whichever is used.
    package var overwrites: [IPFamily: IPAddress] = [:]
    /// The VTEPs' addresses that other nodes know.
    package var macs: [IPFamily: MACAddress] = [:]
    /// Wishes that are none.
    package var problems: [String] = []

    package init() {}
}

extension InterfaceRequest {
    /// The request of the command line, with a node's own wishes in its place where there are some.
    package func with(_ wishes: NodeWishes) -> InterfaceRequest {
        var request = self
        if !wishes.chosen.isEmpty {
            request = InterfaceRequest(
                publicIPv4: wishes.chosen[.v4] ?? publicIPv4, publicIPv6: wishes.chosen[.v6] ?? publicIPv6)
        }
        request.overwrites = wishes.overwrites
        return request
    }
}

/// The addresses, as the node's cache keeps them; MACs are kept there already.
extension NodeWishes {
    var json: JSONObject {
        func object(_ addresses: [IPFamily: IPAddress]) -> JSONValue {
            .array(IPFamily.allCases.compactMap { addresses[$0].map { .string($0.description) } })
        }
        return JSONObject([("chosen", object(chosen)), ("overwrites", object(overwrites))])
    }

    init(json: JSONObject) {
        func addresses(_ key: String) -> [IPFamily: IPAddress] {
            let found = (json[key]?.array ?? []).compactMap { $0.string.flatMap { IPAddress($0) } }
            return Dictionary(found.map { ($0.family, $0) }) { $1 }
        }
        chosen = addresses("chosen")
        overwrites = addresses("overwrites")
    }
}
