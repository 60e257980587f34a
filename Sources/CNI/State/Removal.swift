internal import NFTables
package import Netlink

/// Everything of one attachment that must go from the kernel. Plugins that run in one process put theirs together, so
/// that all the waits of the kernel's happen at once.
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

    /// Removes it; what is gone already is no error.
    package func run(_ kernel: Kernel) throws {
        let (elements, flows, label, layoutLock) = (elements, flows, label, kernel.layoutLock)
        // A thread must not share sockets, and a new one costs microseconds.
        let removeElements = { @Sendable in
            let kernel = Kernel(layoutLock: layoutLock)
            try kernel.remove(elements, label: label)
            try HostPortFlows.forget(flows)
        }
        if elements.isEmpty && flows.isEmpty { return try removeLinks(kernel) }
        if links.isEmpty && neighbours.isEmpty { return try removeElements() }
        try Parallel.run({ try removeLinks(kernel) }, beside: removeElements)
    }

    private func removeLinks(_ kernel: Kernel) throws {
        let requests =
            neighbours.map { NetlinkRequest.neighbour(.delete, $0) } + links.map { .deleteLink(.name($0)) }
        if requests.isEmpty { return }
        let failures = try kernel.routing { socket in socket.runAll(requests) }
        for (request, failure) in zip(requests, failures) {
            guard case .deleteLink = request, let failure, !failure.isNotFound else { continue }
            throw failure
        }
    }
}
