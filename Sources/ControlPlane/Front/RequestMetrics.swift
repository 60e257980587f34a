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

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// `isKnown`: what the path names is served. What is not is of the client's choosing, and would grow without bound.
    func answered(_ call: APICall, _ code: Int, isKnown: Bool) {
        let info = call.info
        let isKnown = isKnown && !info.verb.isEmpty
        let verb = isKnown ? info.verb.uppercased() : Self.methods.contains(call.method) ? call.method : "other"
        requests.increment(
            by: 1, verb, isKnown ? info.group : "", isKnown ? info.version : "", isKnown ? info.resource : "",
            isKnown ? info.subresource : "", "\(code)")
        if info.verb != "watch" {
            durations.observe(
                MonotonicTime.now - call.began, verb, isKnown ? info.group : "", isKnown ? info.resource : "")
        }
    }
}
