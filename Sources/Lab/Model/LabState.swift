internal import JSON
internal import Linux
package import NetTypes

/// A pod of the laboratory, as CNI made it.
package struct Pod: Hashable, Sendable {
    package var name: String
    package var node: String
    package var addresses: [CIDR]
    /// The node's own addresses on the pods' bridge.
    package var gateways: [IPAddress]

    package func address(_ family: IPFamily) -> IPAddress? { addresses.first { $0.family == family }?.address }
}

/// What a lab remembers between two commands, as a file in its directory.
struct LabState {
    var configuration: LabConfiguration
    /// False while the lab is being built: what is found so is half a lab, and is taken down.
    var isComplete = false
    var pods: [Pod] = []
    /// Process ids by role: `etcd`, `outside`, `overlay/node1`, `proxy/node1`, `server/web`.
    var processes: [String: Int32] = [:]

    init(_ configuration: LabConfiguration) { self.configuration = configuration }

    func save(_ path: String) throws {
        let pods = pods.map { pod -> JSONValue in
            [
                "name": .string(pod.name), "node": .string(pod.node),
                "addresses": .array(pod.addresses.map { .string("\($0)") }),
                "gateways": .array(pod.gateways.map { .string("\($0)") }),
            ]
        }
        let processes = processes.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.number(JSONNumber($0.value))) }
        let value: JSONValue = [
            "configuration": configuration.json, "complete": .bool(isComplete), "pods": .array(pods),
            "processes": .object(JSONObject(processes)),
        ]
        try Files.replace(path, (value.serialized(pretty: true) + "\n").utf8, mode: 0o644)
    }

    /// Nil when there is no such file, or none that can be read: whatever it belonged to is to be taken down.
    init?(_ path: String) {
        guard let bytes = try? Files.read(path), let value = try? JSONValue.parse(bytes),
            let configuration = LabConfiguration(json: value["configuration"])
        else { return nil }
        self.init(configuration)
        isComplete = value["complete"]?.bool ?? false
        for member in value["processes"]?.object?.members ?? [] {
            processes[member.key] = member.value.int.flatMap(Int32.init(exactly:))
        }
        for pod in value["pods"]?.array ?? [] {
            guard let name = pod["name"]?.string, let node = pod["node"]?.string else { return nil }
            pods.append(
                Pod(
                    name: name, node: node,
                    addresses: (pod["addresses"]?.array ?? []).compactMap { $0.string.flatMap { CIDR($0) } },
                    gateways: (pod["gateways"]?.array ?? []).compactMap { $0.string.flatMap { IPAddress($0) } }))
        }
    }
}
