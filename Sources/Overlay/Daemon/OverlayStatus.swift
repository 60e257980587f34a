package import JSON
package import NetTypes

/// What the overlay wants and has on a node: the body of /status, and what `poplin status overlay` prints.
package struct OverlayStatus: Hashable, Sendable {
    package struct PeerStatus: Hashable, Sendable {
        package var subnet: SubnetKey
        package var publicAddresses: [IPAddress]
        package var isProgrammed: Bool
        package var problems: [String]
    }

    package var subnet: SubnetKey?
    package var underlay: Underlay?
    package var backend = ""
    package var podMTU: Int?
    package var isReady = false
    package var isFromCache = false
    /// What is wrong with the node itself, by subject.
    package var problems: [String: String] = [:]
    /// What is wrong with the store, by part of the work.
    package var storeTroubles: [String: String] = [:]
    package var peers: [PeerStatus] = []
    /// Keys in the store that are no leases, each with the reason.
    package var unreadableLeases: [String] = []

    package init() {}

    package var programmed: Int { peers.count { $0.isProgrammed } }

    /// One line for each peer of the plan, by what the reconciler could do.
    mutating func describe(
        _ state: DesiredState, _ failures: [SubnetKey?: PeerFailure], _ leases: [SubnetKey: Lease], found: FoundState
    ) {
        peers = state.plans.sorted { $0.key < $1.key }.map { subnet, plan in
            let failure = failures[subnet]?.reasons ?? []
            let attributes = leases[subnet]?.attributes
            return PeerStatus(
                subnet: subnet,
                publicAddresses: IPFamily.allCases.compactMap { attributes?.publicAddress($0) },
                isProgrammed: failure.isEmpty && !plan.entries.isEmpty
                    && plan.entries.allSatisfy { found.entries[$0.key]?.entry == $0.value },
                problems: plan.problems + failure)
        }
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["ready"] = .bool(isReady)
        object["fromCache"] = .bool(isFromCache)
        object["subnet"] = subnet.map { .string($0.description) } ?? .null
        object["backend"] = .string(backend)
        object["podMTU"] = podMTU.map { .number(JSONNumber($0)) } ?? .null
        if let underlay {
            var member: JSONValue.Members = [
                ("interface", .string(underlay.name)), ("mtu", .number(JSONNumber(underlay.mtu))),
            ]
            for address in [underlay.v4, underlay.v6].compactMap(\.self) {
                member.append(
                    (address.local.family == .v4 ? "address" : "addressV6", .string(address.published.description)))
            }
            object["underlay"] = .object(JSONObject(member))
        }
        object["problems"] = .object(
            JSONObject(problems.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        object["store"] = .object(
            JSONObject(storeTroubles.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        object["unreadableLeases"] = .array(unreadableLeases.map { .string($0) })
        object["peersProgrammed"] = .number(JSONNumber(programmed))
        object["peers"] = .array(
            peers.map { peer in
                [
                    "subnet": .string(peer.subnet.description),
                    "publicAddresses": .array(peer.publicAddresses.map { .string($0.description) }),
                    "programmed": .bool(peer.isProgrammed),
                    "problems": .array(peer.problems.map { .string($0) }),
                ]
            })
        return .object(object)
    }

    /// The same for people.
    package var text: String {
        var lines: [String] = []
        func line(_ name: String, _ value: String) { lines.append(name.padded(to: 11) + value) }
        line("subnet", subnet?.description ?? "none")
        line("backend", backend + (podMTU.map { ", pods have MTU \($0)" } ?? ""))
        if let underlay {
            let addresses = [underlay.v4, underlay.v6].compactMap { $0?.published.description }
            line("underlay", "\(underlay.name), MTU \(underlay.mtu), \(addresses.joined(separator: ", "))")
        }
        for (subject, reason) in problems.sorted(by: { $0.key < $1.key }) { line("problem", "\(subject): \(reason)") }
        for (part, reason) in storeTroubles.sorted(by: { $0.key < $1.key }) { line("store", "\(part): \(reason)") }
        line("peers", "\(programmed) of \(peers.count) programmed")
        for peer in peers {
            let addresses = peer.publicAddresses.map(\.description).joined(separator: ", ")
            lines.append("  \(peer.isProgrammed ? "ok" : "--")  \(peer.subnet)  at \(addresses)")
            for problem in peer.problems { lines.append("      \(problem)") }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension JSONValue {
    fileprivate typealias Members = [(String, JSONValue)]
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
