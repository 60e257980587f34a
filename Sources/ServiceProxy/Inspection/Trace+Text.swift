internal import NFTables
internal import NetTypes

extension Trace {
    /// For people.
    package var text: String {
        var lines = ["\(packet.source) to \(Destination(packet.destination, packet.port))/\(packet.transport)"]
        for note in notes { lines.append("note: \(note)") }
        var number = 0
        func step(_ words: String, _ details: [String] = []) {
            number += 1
            lines.append("\(number < 10 ? " " : "")\(number). \(words)")
            lines += details.map { "      \($0)" }
        }
        switch packet.origin {
        case .node: step("the node itself sends it")
        case .interface(let name): step("comes in by \(name)")
        }
        for one in steps where !one.isPassage { step(one.words(packet, choices: one.choices), one.details) }
        if !steps.isEmpty || notes.isEmpty, steps.allSatisfy(\.isPassage), ways.allSatisfy(\.steps.isEmpty) {
            step(
                service == nil
                    ? "no Service has this address and port: it goes on as it is" : "the table leaves it as it is")
        }
        if ways.count == 1 {
            for one in ways[0].steps where !one.isPassage { step(one.words(packet, choices: nil), one.details) }
            step(ways[0].words)
        } else {
            step("one of \(ways.count) ways:")
            for way in ways {
                lines.append("    \(way.share)  \(way.words)")
                for one in way.steps where !one.isPassage {
                    lines.append("          \(one.words(packet, choices: nil))")
                }
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension Trace.Way {
    fileprivate var share: String {
        let tenths = Int((probability * 1000).rounded())
        let text = "\(tenths / 10).\(tenths % 10) %"
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    package var words: String {
        switch outcome.fate {
        case .dropped: return "dropped: the client hears nothing"
        case .rejected: return "rejected: the client hears at once that nobody serves it"
        case .delivered(let destination):
            let seen = seenSource.map { ", where \($0) is seen" } ?? ""
            return switch route {
            case .local: "to \(destination) on this node\(seen)"
            case .out(let dev, let via): "to \(destination)\(seen), by \(dev)\(via.map { " via \($0)" } ?? "")"
            case .none(let reason): "to \(destination), but there is no way: \(reason)"
            }
        }
    }
}

extension PacketCourse.Step {
    /// The rule, and what it has found, as nft writes them.
    package var details: [String] { [rule] + found.map { "\($0.set) { \($0.element) }" } }

    /// What it means.
    package func words(_ packet: Packet, choices: UInt32?) -> String { "\(chain): \(meaning(packet, choices))" }

    private func meaning(_ packet: Packet, _ choices: UInt32?) -> String {
        if let meaning { return meaning.isEmpty ? rule : meaning }
        let sets = found.compactMap { ProxySet($0.set) }
        let name = found.lazy.compactMap(\.element.comment).first
        if let choices {
            if effects.contains(.remembered) { return "the client goes where it went the last time" }
            if rule.contains("jhash") { return "the endpoint for the client's address" }
            if choices == 1 { return "the only endpoint" }
            return "one of \(choices) endpoints" + (rule.contains("numgen inc") ? ", in turn" : "")
        }
        if effects.contains(.masqueraded) {
            return sets.contains(.hairpin)
                ? "an endpoint that reaches itself gets the node's address"
                : "marked: gets the node's address, so that answers come back this way"
        }
        switch chain {
        case _ where chain.hasPrefix(PickChain.clusterPrefix):
            return effects.contains(.marked)
                ? "not from a pod of this node: will get the node's address"
                : "from a pod of this node: keeps its address"
        case ProxyTable.guardLoadBalancers.name where effects.contains(.verdict(.drop)):
            return "the client is in none of the Service's source ranges"
        case ProxyTable.refuse.name, ProxyTable.refuseNodePorts.name:
            if sets.contains(.noEndpoints) || sets.contains(.noEndpointNodePorts) {
                return "\(name.map { "Service \($0)" } ?? "the Service") has no endpoint here for this client"
            }
            return sets.contains(.clusterIPs)
                ? "a ClusterIP, but no port of its Service" : "an address for Services that none has"
        case ProxyTable.reject.name: return "refused with an answer"
        default: break
        }
        if sets.contains(.services) || sets.contains(.nodePorts) { return name.map { "Service \($0)" } ?? "a Service" }
        if effects.contains(.marked) { return "comes from outside or the node: will get the node's address" }
        return rule
    }
}

extension ProxySet {
    /// By the name that it has in the table, with the family's digit.
    init?(_ name: String) { self.init(rawValue: String(name.dropLast())) }
}
