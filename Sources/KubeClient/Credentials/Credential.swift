package import HTTP

/// What we show the server with one request.
package struct Credential: Hashable, Sendable {
    /// A bearer token, without the word Bearer.
    package var token: String?
    /// `user:password`, for proxies in front of the server; API servers themselves no longer know it.
    package var basic: String?
    package var certificate: HTTPRoute.PEM?
    package var key: HTTPRoute.PEM?

    package init(token: String? = nil) { self.token = token }

    var headers: [String] {
        if let token { return ["Authorization: Bearer \(token)"] }
        if let basic { return ["Authorization: Basic \(basic)"] }
        return []
    }
}

/// Where credentials come from.
package enum CredentialSource: Hashable, Sendable {
    /// The same always; certificates may be files all the same, which are read at each new connection.
    case fixed(Credential)
    /// A token in a file that somebody renews, as the kubelet does with a service account's.
    case tokenFile(String, Credential)
    /// A program that says them.
    case exec(ExecPlugin, Credential)
}

/// Why there are no credentials.
struct CredentialFailure: Error, Hashable, Sendable {
    var reason: String
}
