internal import JSON

/// Probes and the handlers of a container's life.
struct ProbeRules {
    let gracePeriod: Int?

    func check(_ probe: Place, isReadiness: Bool, _ report: inout Report) {
        check(handler: probe, &report)
        for field in [
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        ] {
            report.nonnegative(probe[field])
        }
        let grace = probe["terminationGracePeriodSeconds"]
        if let seconds = grace.int, seconds <= 0 { report.invalid(grace, "must be greater than 0") }
        if isReadiness {
            if grace.isThere { report.invalid(grace, "must not be set for readinessProbes") }
        } else if let value = probe["successThreshold"].int, value != 1 {
            report.invalid(probe["successThreshold"], "must be 1")
        }
    }

    func check(handler: Place, _ report: inout Report) {
        let there = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"].filter { handler[$0].isThere }
        guard let first = there.first else { return report.required(handler, "must specify a handler type") }
        check(handler[first], first, &report)
        for name in there.dropFirst() {
            report.forbidden(handler[name], "may not specify more than 1 handler type")
        }
    }

    private func check(_ action: Place, _ type: String, _ report: inout Report) {
        switch type {
        case "exec": if action["command"].count == 0 { report.required(action["command"]) }
        case "httpGet":
            report.requireText(action["path"])
            report.portOrName(action["port"])
            for header in action["httpHeaders"].elements where !isHeader(header["name"].text) {
                report.invalid(
                    action["httpHeaders"], .string(header["name"].text),
                    "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex "
                        + "used for validation is '[-A-Za-z0-9]+')")
            }
        case "tcpSocket": report.portOrName(action["port"])
        case "grpc": report.port(action["port"])
        default:
            let seconds = action["seconds"].int ?? 0
            if let gracePeriod, seconds < 0 || seconds > gracePeriod {
                report.invalid(
                    action, .number(JSONNumber(seconds)),
                    "must be non-negative and less than terminationGracePeriodSeconds (\(gracePeriod))")
            }
        }
    }

    private func isHeader(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-")
            }
    }
}
