package import JSON
internal import Linux
internal import NFTables
internal import NetTypes

extension LiveTrace {
    /// For people, after the text of the trace that foretold it.
    package func text(foretold: Trace) -> String {
        var lines = ["live: \(transport) \(flow)"]
        for step in steps {
            switch step.rule {
            case let rule?: lines.append("      \(step.table) \(step.chain): \(rule)")
            // That a chain accepts what nobody minds is not worth a line.
            case nil where step.verdict == .drop: lines.append("      \(step.table) \(step.chain): policy drop")
            case nil: break
            }
        }
        if isIncomplete { lines.append("      (and more, of which the kernel lost count)") }
        lines.append("  \(words)")
        lines.append(agrees(with: foretold) ? "  as foretold" : "  NOT as foretold")
        return lines.map { $0 + "\n" }.joined()
    }

    private var words: String {
        let heard =
            switch answer {
            case .connected: "the client is connected"
            case .answered: "the client has an answer"
            case .refused: "the client is refused"
            case .failed(let cause): "the client hears: \(cause)"
            case nil: "the client has heard nothing"
            }
        let time = "after \(Int(duration.seconds * 1e6)) µs"
        return switch fate {
        case .tracked(let entry):
            "went to \(Destination(entry.reply.source, entry.reply.sourcePort)), where "
                + "\(entry.reply.destination) port \(entry.reply.destinationPort) is seen; \(heard) \(time)"
        case .rejected: "was rejected; \(heard) \(time)"
        case .dropped: "was dropped; \(heard) \(time)"
        case .lost: "was lost after the last step above, or could not be sent; \(heard) \(time)"
        }
    }

    /// For programs.
    package func json(foretold: Trace) -> JSONValue {
        var object = JSONObject([
            ("sourcePort", .number(JSONNumber(flow.sourcePort))),
            (
                "steps",
                .array(
                    steps.map { step in
                        [
                            "table": .string("\(step.table)"), "chain": .string(step.chain),
                            "rule": step.rule.map { .string($0) } ?? .null,
                            "verdict": step.verdict.map { .string("\($0)") } ?? .null,
                        ]
                    })
            ),
            ("agrees", .bool(agrees(with: foretold))),
            ("microseconds", .number(JSONNumber(Int(duration.seconds * 1e6)))),
        ])
        switch fate {
        case .tracked(let entry):
            object["fate"] = "delivered"
            object["original"] = entry.original.json
            object["reply"] = entry.reply.json
        case .rejected: object["fate"] = "rejected"
        case .dropped: object["fate"] = "dropped"
        case .lost: object["fate"] = "lost"
        }
        switch answer {
        case .connected: object["answer"] = "connected"
        case .answered: object["answer"] = "answered"
        case .refused: object["answer"] = "refused"
        case .failed(let cause): object["answer"] = .string("\(cause)")
        case nil: object["answer"] = .null
        }
        return .object(object)
    }
}

extension ConntrackEntry.Direction {
    fileprivate var json: JSONValue {
        [
            "from": .string("\(Destination(source, sourcePort))"),
            "to": .string("\(Destination(destination, destinationPort))"),
        ]
    }
}
