internal import NFTables
package import Netlink

/// Everything of one attachment that must go from the kernel. Plugins that run in one process put theirs together.
package struct Removal: Sendable {
    package let label: String
    /// Links of the node, by name.
    package var links: [String] = []
    package var neighbours: [Neighbour] = []
    package var elements: [OwnedElement] = []
    package var flows: [HostPortFlows] = []

    package init(label: String) { self.label = label }

    package mutating func append(_ other: Removal) {
        links += other.links
        neighbours += other.neighbours
        elements += other.elements
        flows += other.flows
    }

    /// Removes it; what is gone already is no error. All of it is tried, also when something fails; then the first error
    /// is thrown.
    package func run(_ kernel: Kernel) throws {
        let outcomes = [
            Result { try removeLinks(kernel) }, Result { try kernel.remove(elements, label: label) },
            Result { try HostPortFlows.forget(flows) },
        ]
        for outcome in outcomes { try outcome.get() }
    }

    private func removeLinks(_ kernel: Kernel) throws {
        if links.isEmpty && neighbours.isEmpty { return }
        try kernel.routing { socket in
            // Those that the kernel learned meanwhile are none of ours, and go with the link or by age.
            _ = socket.runAll(neighbours.map { .neighbour(.delete, $0) })
            try socket.deleteLinks(links)
        }
    }
}
