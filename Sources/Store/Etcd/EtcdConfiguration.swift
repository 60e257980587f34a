package import HTTP

/// How to reach an etcd cluster.
package struct EtcdConfiguration: Hashable, Sendable {
    /// URLs such as `https://10.0.0.1:2379`; asked in turn when one fails, beginning with the one that answered last.
    package var endpoints: [String]
    package var tls: TLSFiles
    package var user: String?
    package var password: String?
    package var connectTimeout: Duration
    /// How long one endpoint may take to answer; a call that goes on to the next one gives it as long again.
    package var requestTimeout: Duration
    /// How long a watch may be silent before its endpoint is asked for a sign of life.
    package var watchProbeInterval: Duration
    /// Bytes of one answer at most. Ranges are read in smaller pages where they would be larger.
    package var answerBytes = 64 << 20

    package init(
        endpoints: [String], tls: TLSFiles = TLSFiles(), user: String? = nil, password: String? = nil,
        connectTimeout: Duration = .seconds(3), requestTimeout: Duration = .seconds(10),
        watchProbeInterval: Duration = .seconds(15)
    ) {
        self.endpoints = endpoints
        self.tls = tls
        self.user = user
        self.password = password
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.watchProbeInterval = watchProbeInterval
    }
}
