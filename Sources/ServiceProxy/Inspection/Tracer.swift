internal import Linux
internal import NFTables
package import NetTypes
package import Netlink

/// Traces packets through a table, with the routing of the calling thread's network namespace.
package struct Tracer: ~Copyable {
    package struct Impossible: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    private let rules: any PacketRules
    private var routing: NodeRouting
    /// Of the rules: what is not followed.
    private let notes: [String]

    package init(_ ruleset: Ruleset, notes: [String] = []) throws(NetlinkError) {
        try self.init(notes) { PacketEvaluator(ruleset, addresses: $0) }
    }

    /// `rules` is given the addresses of the node.
    package init(
        _ notes: [String] = [], through rules: (_ addresses: [IPAddress]) -> any PacketRules
    ) throws(NetlinkError) {
        let routing = try NodeRouting()
        self.rules = rules(routing.addresses)
        self.routing = routing
        self.notes = notes
    }

    package mutating func trace(_ request: TraceRequest) throws(Impossible) -> Trace {
        let packet = try packet(request)
        var trace = Trace(packet, through: rules, &routing)
        trace.notes += notes
        return trace
    }

    private mutating func packet(_ request: TraceRequest) throws(Impossible) -> Packet {
        let destination = request.destination.address
        do {
            if let source = request.source, request.interface != nil || !routing.isOwn(source) {
                let interface = try request.interface ?? routing.arrival(from: source)
                guard let interface else { throw Impossible(description: "no route leads to \(source)") }
                guard routing.index(of: interface) != nil else {
                    throw Impossible(description: "there is no interface \(interface)")
                }
                return Packet(
                    from: source, .interface(interface), to: destination, request.transport,
                    port: request.destination.port)
            }
            let source = try request.source ?? routing.source(to: destination)
            guard let source else {
                throw Impossible(description: "the node has no address to reach \(destination) from")
            }
            return Packet(from: source, .node, to: destination, request.transport, port: request.destination.port)
        } catch let error as NetlinkError {
            let what = request.source.map { "from \($0)" } ?? "from the node"
            throw Impossible(description: "no packet \(what) to \(destination): \(error)")
        } catch {
            throw Impossible(description: "\(error)")
        }
    }
}
