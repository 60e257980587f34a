package import JSON
internal import NFTables
internal import NetTypes

extension Trace {
    /// For programs.
    package var json: JSONValue {
        var from = JSONObject([("address", .string("\(packet.source)"))])
        if case .interface(let name) = packet.origin { from["interface"] = .string(name) }
        var object = JSONObject([
            ("from", .object(from)), ("to", .string("\(Destination(packet.destination, packet.port))")),
            ("protocol", .string("\(packet.transport)")), ("service", service.map { .string($0) } ?? .null),
            ("steps", .array(steps.map { $0.json(packet) })), ("ways", .array(ways.map { $0.json(packet) })),
        ])
        if !notes.isEmpty { object["notes"] = .array(notes.map { .string($0) }) }
        return .object(object)
    }
}

extension Trace.Way {
    fileprivate func json(_ packet: Packet) -> JSONValue {
        var object = JSONObject([("probability", JSONNumber(probability).map { .number($0) } ?? .null)])
        switch outcome.fate {
        case .dropped: object["fate"] = "dropped"
        case .rejected: object["fate"] = "rejected"
        case .delivered(let destination):
            object["fate"] = "delivered"
            object["endpoint"] = .string("\(destination)")
            object["masqueraded"] = .bool(outcome.isMasqueraded)
            object["seenSource"] = seenSource.map { .string("\($0)") } ?? .null
            object["route"] = route.json
        }
        object["steps"] = .array(steps.map { $0.json(packet) })
        return .object(object)
    }
}

extension NodeRouting.Route {
    fileprivate var json: JSONValue {
        switch self {
        case .local: return ["local": true]
        case .out(let dev, let via): return ["dev": .string(dev), "via": via.map { .string("\($0)") } ?? .null]
        case .none(let reason): return ["error": .string(reason)]
        }
    }
}

extension PacketCourse.Step {
    fileprivate func json(_ packet: Packet) -> JSONValue {
        [
            "hook": .string("\(hook)"), "chain": .string(chain), "rule": .string(rule),
            "elements": .array(
                found.map { ["set": .string($0.set), "element": .string("\($0.element)")] }),
            "meaning": .string(words(packet, choices: choices)),
        ]
    }
}
