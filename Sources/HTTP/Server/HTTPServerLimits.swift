extension HTTPServer {
    /// What a stranger can cause, bounded. The defaults are for an API; `pages` for a daemon's health and metrics.
    package struct Limits: Hashable, Sendable {
        package var connections = 8192
        /// Request line and header; in HTTP/2 the sum of names, values and 32 bytes for each field (RFC 9113, 10.5.1).
        package var headBytes = 64 << 10
        /// The body of one request: 3 MiB, as upstream's API server.
        package var bodyBytes = 3 << 20
        /// All bodies that are being received or answered; a client gets what is left for others. A request that does not
        /// fit gets 429 and may come again.
        package var allBodyBytes = 64 << 20
        /// All heads that are not whole yet, or whose requests are not: what goes beyond 4 KiB (HTTP/1.1), or 16 KiB for
        /// all of a connection (HTTP/2). Heads of usual size always fit.
        package var allHeadBytes = 16 << 20
        /// Requests at once on one HTTP/2 connection; 0 for none of HTTP/2 on a port without TLS.
        package var streams = 1000
        /// The same before the handler has said of one of the connection's requests that it knows who asks
        /// (`HTTPExchange.isTrusted`).
        package var strangerStreams = 1000
        /// For TLS to be set up.
        package var handshakeTime = Duration.seconds(10)
        /// From the first byte of a request, or the connection's beginning, to the end of its head.
        package var headTime = Duration.seconds(10)
        /// From the end of the head to the end of the body.
        package var bodyTime = Duration.seconds(60)
        /// Between a response and the next request.
        package var idleTime = Duration.seconds(90)
        /// A response that waits for its client must make progress: all of what waits, or 16 KiB, in this time.
        package var stallTime = Duration.seconds(30)

        package init() {}

        package static var pages: Limits {
            var limits = Limits()
            limits.connections = 64
            limits.headBytes = 8192
            limits.bodyBytes = 0
            limits.streams = 0
            limits.headTime = .seconds(5)
            limits.idleTime = .seconds(60)
            limits.stallTime = .seconds(10)
            return limits
        }
    }
}
