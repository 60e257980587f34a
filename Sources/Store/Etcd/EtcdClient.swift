package import HTTP
internal import JSON
internal import Linux
internal import Synchronization

/// An etcd cluster, 3.4 or later, through its v3 JSON gateway.
///
/// One thread at a time uses it, blocking; the `Cancellation` ends its calls from any thread, for good.
package final class EtcdClient {
    let configuration: EtcdConfiguration
    let cancellation: Cancellation
    private let http: HTTPClient
    private let choice: EndpointChoice
    /// nil before the first call, empty when the cluster wants none.
    private var token: String?

    /// Makes no connection yet. Throws `.invalid` for endpoints that are no URLs, naming each. Clients of the same
    /// endpoints that share a choice leave one that fails together.
    package init(
        _ configuration: EtcdConfiguration, cancellation: Cancellation = Cancellation(),
        choice: EndpointChoice = EndpointChoice()
    ) throws(StoreError) {
        var configuration = configuration
        configuration.endpoints = configuration.endpoints.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        let wrong = configuration.endpoints.filter { !$0.hasPrefix("http://") && !$0.hasPrefix("https://") }
        guard wrong.isEmpty, !configuration.endpoints.isEmpty else {
            let reason =
                wrong.isEmpty ? "no endpoint is given" : "not http:// or https://: \(wrong.joined(separator: ", "))"
            throw StoreError(.invalid, operation: "use etcd", reason: reason)
        }
        if (configuration.tls.certificate == nil) != (configuration.tls.key == nil) {
            throw StoreError(.invalid, operation: "use etcd", reason: "a client certificate and its key go together")
        }
        http = try Self.makeHTTPClient(configuration, cancellation)
        self.configuration = configuration
        self.cancellation = cancellation
        self.choice = choice
    }

    static func makeHTTPClient(_ configuration: EtcdConfiguration, _ cancellation: Cancellation) throws(StoreError)
        -> HTTPClient
    {
        do {
            return try HTTPClient(
                tls: configuration.tls, connectTimeout: configuration.connectTimeout, cancellation: cancellation)
        } catch {
            throw StoreError(.unavailable, operation: "use etcd", reason: "\(error)")
        }
    }

    /// Index of the endpoint to ask first.
    var current: Int { choice.index.load(ordering: .relaxed) % configuration.endpoints.count }

    func failed(endpoint index: Int) { choice.leave(index, of: configuration.endpoints.count) }

    /// Calls a method, asking one endpoint after the other until one answers. A call that changes something goes to the
    /// next one only if it cannot have been done by the last.
    func call(_ path: String, _ message: JSONValue, _ operation: String, isReadOnly: Bool) throws(StoreError)
        -> GatewayAnswer
    {
        let body = Array(message.serialized().utf8)
        var isTokenFresh = false
        var failures = 0
        while true {
            let index = current
            let endpoint = configuration.endpoints[index]
            do {
                if token == nil {
                    try authenticate(endpoint)
                    isTokenFresh = true
                }
                return try post(endpoint, path, body, operation, isReadOnly: isReadOnly)
            } catch .refused(let failure) where failure.isStaleToken && configuration.user != nil && !isTokenFresh {
                token = nil
            } catch {
                let (storeError, mayTryNext) = error.judged(operation, endpoint, isReadOnly: isReadOnly)
                // The next call begins elsewhere, even if this one must not go on.
                if storeError.kind == .unavailable || storeError.kind == .timedOut { failed(endpoint: index) }
                guard mayTryNext else { throw storeError }
                failures += 1
                if failures == configuration.endpoints.count { throw storeError }
            }
        }
    }

    /// The headers of every request. An endpoint that has lost its leader then refuses at once instead of waiting.
    func headers() -> [String] {
        var headers = ["Content-Type: application/json", "Grpc-Metadata-hasleader: true"]
        if let token, !token.isEmpty { headers.append("Authorization: \(token)") }
        return headers
    }

    private func authenticate(_ endpoint: String) throws(CallFailure) {
        guard let user = configuration.user, !user.isEmpty else {
            token = ""
            return
        }
        let message = GatewayRequest.authenticate(user: user, password: configuration.password ?? "")
        do {
            let answer = try post(
                endpoint, "/v3/auth/authenticate", Array(message.serialized().utf8), "authenticate", isReadOnly: true)
            token = try answer.string("token")
        } catch let error as CallFailure {
            guard case .refused(let failure) = error, failure.isAuthenticationOff else {
                throw error.unsent
            }
            token = ""
        } catch {
            throw .malformed("\(error)")
        }
    }

    private func post(_ endpoint: String, _ path: String, _ body: [UInt8], _ operation: String, isReadOnly: Bool)
        throws(CallFailure) -> GatewayAnswer
    {
        let request = HTTPClientRequest("POST", endpoint + path, headers: headers(), body: body)
        let response: HTTPClientResponse
        do {
            response = try http.send(request, timeout: configuration.requestTimeout, limit: configuration.answerBytes)
        } catch {
            throw .transport(error)
        }
        guard response.status == 200 else {
            throw .refused(GatewayFailure(status: response.status, body: response.body))
        }
        do {
            let message = try JSONValue.parse(response.body)
            // Streaming methods wrap their one answer.
            if let failure = GatewayFailure(message) { throw CallFailure.refused(failure) }
            return try GatewayAnswer(message["result"] ?? message)
        } catch let failure as CallFailure {
            throw failure
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// Asks one endpoint, and no other, whether it still takes part in the cluster.
    func isAlive(_ endpoint: String) -> Bool {
        let body = Array(GatewayRequest.range(RawRange(.key("\0")), at: nil, limit: 1).serialized().utf8)
        do {
            _ = try post(endpoint, "/v3/kv/range", body, "probe", isReadOnly: true)
            return true
        } catch {
            // A refusal is an answer too, unless it says that the endpoint has lost the others.
            if case .refused(let failure) = error { return failure.kind != .unavailable }
            return false
        }
    }
}
