package import Daemon
internal import Linux

/// Requests by what they were and what came of them, under upstream's names.
package struct RequestMetrics {
    private let requests: Counter
    private let durations: Histogram

    package init(_ metrics: Metrics) {
        requests = metrics.counter(
            "apiserver_request_total", "Requests by verb, resource and status.",
            labels: ["verb", "group", "version", "resource", "subresource", "code"])
        durations = metrics.histogram(
            "apiserver_request_duration_seconds", "Time to the answer; watches are not among them.",
            labels: ["verb", "group", "resource"])
    }

    func answered(_ call: APICall, _ code: Int) {
        let info = call.info
        // Paths and names are of the client's choosing, and would grow without bound.
        let isKnown = info.isResource && code != 404
        let verb = isKnown ? info.verb.uppercased() : call.method
        requests.increment(
            by: 1, verb, isKnown ? info.group : "", isKnown ? info.version : "", isKnown ? info.resource : "",
            isKnown ? info.subresource : "", "\(code)")
        if info.verb != "watch" {
            durations.observe(
                MonotonicTime.now - call.began, verb, isKnown ? info.group : "", isKnown ? info.resource : "")
        }
    }
}
