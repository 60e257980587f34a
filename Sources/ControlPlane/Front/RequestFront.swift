internal import Daemon
package import HTTP
package import Identity
package import KubeAPI
internal import Linux

/// What every request goes through before it is routed: limits, who asks, whether they may, and the record of it all.
package final class RequestFront {
    package struct Access {
        /// From the connection and the `Authorization` header. A failure is a 401.
        package var authenticate: (HTTPPeer, String?) -> Result<User, APIStatus>
        package var authorize: (AccessRequest) -> Decision

        package init(
            authenticate: @escaping (HTTPPeer, String?) -> Result<User, APIStatus>,
            authorize: @escaping (AccessRequest) -> Decision
        ) {
            self.authenticate = authenticate
            self.authorize = authorize
        }

        /// Everybody may do everything: for tests of what comes after.
        package static var open: Access {
            Access(authenticate: { (_, _) in .success(.apiServer) }, authorize: { _ in .allow })
        }
    }

    private let server: APIServer
    private let access: Access
    private let metrics: RequestMetrics
    private let audit: RequestAudit?
    private var inFlight: RequestsInFlight

    package init(
        _ server: APIServer, access: Access, metrics: RequestMetrics, audit: RequestAudit?,
        limits: RequestsInFlight = RequestsInFlight()
    ) {
        self.server = server
        self.access = access
        self.metrics = metrics
        self.audit = audit
        inFlight = limits
    }

    package func handle(_ exchange: HTTPExchange) {
        let query = Query(exchange.query ?? "")
        let info = RequestInfo(method: exchange.method, path: percentDecoded(exchange.path), query: query)
        let call = APICall(
            info: info, method: exchange.method, query: query, headers: exchange.headers, body: exchange.body,
            sink: exchange, user: .anonymous, sourceAddress: exchange.peer.address.map { "\($0)" } ?? "",
            auditID: exchange.headers["audit-id"] ?? ObjectMetadata.newUID())
        call.rawPath = exchange.path
        call.onAnswer { [metrics, audit] code in
            metrics.answered(call, code)
            audit?.record(call, code)
        }
        do throws(APIStatus) {
            call.user = try access.authenticate(exchange.peer, exchange.headers["authorization"]).get()
            try enter(call)
            try impersonate(call)
            try authorize(call)
        } catch {
            return call.fail(error)
        }
        server.route(call)
    }

    // MARK: Limits

    /// Watches and other long-running requests are not counted; masters get in always.
    private func enter(_ call: APICall) throws(APIStatus) {
        guard !call.info.isLongRunning else { return }
        let isMutating = call.method != "GET" && call.method != "HEAD"
        let hasRoom = inFlight.enter(isMutating)
        // The client may go before there is an answer; whichever comes first ends the request.
        var hasLeft = false
        let leave = {
            if hasLeft { return }
            hasLeft = true
            self.inFlight.leave(isMutating)
        }
        call.onAnswer { _ in leave() }
        call.sink.onClose = leave
        guard hasRoom || call.user.isMaster else {
            throw .tooManyRequests("Too many requests, please try again later.", retryAfterSeconds: 1)
        }
    }

    // MARK: Permission

    private func authorize(_ call: APICall) throws(APIStatus) {
        let request = AccessRequest(call)
        let decision = access.authorize(request)
        call.decision = decision
        guard decision.isAllowed else { throw request.forbidden(decision.reason) }
        // A GET that runs a command is no reading, whatever its method says (upstream's
        // AuthorizePodWebsocketUpgradeCreatePermission).
        guard call.info.verb == "get", call.wantsUpgrade, call.info.resource == "pods",
            ["attach", "exec", "portforward"].contains(call.info.subresource)
        else { return }
        let creation = AccessRequest(call, verb: "create")
        let further = access.authorize(creation)
        guard further.isAllowed else { throw creation.forbidden(further.reason) }
    }

    /// `kubectl --as`: each header is a permission of its own.
    private func impersonate(_ call: APICall) throws(APIStatus) {
        guard call.headers.fields.contains(where: { $0.name.hasPrefix("impersonate-") }) else { return }
        let headers = call.headers.fields.map { (name: $0.name, value: $0.value) }
        guard let wish = try Impersonation(headers: headers) else { return }
        let target = try wish.apply(to: call.user, authorize: access.authorize)
        call.impersonator = call.user
        call.user = target
    }
}

extension AccessRequest {
    init(_ call: APICall, verb: String? = nil) {
        let info = call.info
        guard info.isResource else {
            self.init(user: call.user, verb: info.verb, path: info.path)
            return
        }
        var fields: [String: String] = [:]
        if let text = call.query["fieldSelector"], let selector = try? FieldSelector(parsing: text) {
            for term in selector.terms where term.isEqual { fields[term.field] = term.value }
        }
        self.init(
            user: call.user, verb: verb ?? info.verb, apiGroup: info.group, apiVersion: info.version,
            resource: info.resource,
            subresource: info.subresource, namespace: info.namespace, name: info.name, fieldRequirements: fields)
    }
}

extension RequestInfo {
    /// Requests that last as long as the client wants, which no limit of requests counts.
    var isLongRunning: Bool {
        if !isResource { return path.hasPrefix("/debug/") }
        return verb == "watch" || ["log", "exec", "attach", "portforward", "proxy"].contains(subresource)
    }
}
