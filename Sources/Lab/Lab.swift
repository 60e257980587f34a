internal import Glibc
internal import Linux
package import NetTypes

/// A cluster's network on one machine: nodes, the network between them, the host of the state and one outside, each a network
/// namespace, and pods that the real CNI plugin makes on nodes where the real overlay runs.
///
/// What a lab consists of is on the machine and in its directory, not in this object: every command opens it anew.
package final class Lab {
    package let name: String
    package let programs: Programs
    var state: LabState

    package var configuration: LabConfiguration { state.configuration }
    package var pods: [Pod] { state.pods }
    package var nodes: [String] { configuration.nodeNames }

    init(_ state: LabState, _ programs: Programs) {
        self.name = state.configuration.name
        self.programs = programs
        self.state = state
    }

    /// Opens a lab that is up.
    package static func open(_ name: String, programs: Programs) throws -> Lab {
        guard let state = LabState(Paths(name).state), state.isComplete else {
            throw LabError(
                "there is no lab named \(name); make one with: lab up\(name == "demo" ? "" : " --name \(name)")")
        }
        return Lab(state, programs)
    }

    /// The names of the labs that are up, or half up.
    package static var names: [String] { ((try? Files.list(Paths.base)) ?? []).sorted() }

    var paths: Paths { Paths(name) }

    /// The host that the cluster's state is on.
    package var control: String { configuration.store == .leases ? "etcd" : "server" }

    func save() throws { try state.save(paths.state) }

    // MARK: Places

    /// The namespaces of a node, a pod, the host of the cluster's state, `outside` or `underlay`.
    package func place(of target: String) throws -> Place {
        if nodes.contains(target) {
            return Place(network: paths.namespace(target), mounts: paths.mounts(target))
        }
        if pods.contains(where: { $0.name == target }) { return Place(network: paths.podNamespace(target)) }
        if [control, "outside", "underlay"].contains(target) { return Place(network: paths.namespace(target)) }
        let known = nodes + pods.map(\.name) + [control, "outside", "underlay"]
        throw LabError("there is no node or pod named \(target); there are \(known.joined(separator: ", "))")
    }

    /// The path of a node's, pod's or other host's network namespace.
    package func namespace(of target: String) throws -> String {
        guard let path = try place(of: target).network else { throw LabError("\(target) has no namespace") }
        return path
    }

    /// Where a file of the node is for this process: `/run`, `/etc`, `/opt` and `/var` are the node's own.
    package func file(_ path: String, of node: String) -> String { "\(paths.node(node))\(path)" }

    /// Runs a program inside a node or pod, to its end.
    package func run(_ command: Command, in target: String, input: String = "") throws -> Command.Output {
        try command.run(in: place(of: target), input: input)
    }

    package func pod(_ name: String) throws -> Pod {
        guard let pod = pods.first(where: { $0.name == name }) else { throw LabError("there is no pod named \(name)") }
        return pod
    }

    /// The address of a node (or `control`, `outside`) in the underlay, nil in a lab without the family.
    package func underlayAddress(of host: String, _ family: IPFamily) -> IPAddress? {
        guard configuration.family.families.contains(family) else { return nil }
        return Addresses.underlay(Self.hostNumber(host), family).address
    }

    static func hostNumber(_ host: String) -> Int {
        switch host {
        case "etcd", "server": Addresses.controlHost
        case "outside": Addresses.outsideHost
        default: Int(host.dropFirst("node".count)) ?? 0
        }
    }
}
