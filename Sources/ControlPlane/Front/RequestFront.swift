internal import Daemon
package import HTTP
package import Identity
package import KubeAPI
internal import Linux

/// What every request goes through before it is routed: who asks, whether they may, limits, and the record of it all.
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
    private let work: RequestsInWork
    /// Of one request's body.
    private let bodyLimit: Int

    package init(
        _ server: APIServer, access: Access, metrics: RequestMetrics, audit: RequestAudit?,
        work: RequestsInWork = RequestsInWork(), bodyLimit: Int = HTTPServer.Limits().bodyBytes
    ) {
        self.server = server
        self.access = access
        self.metrics = metrics
        self.audit = audit
        self.work = work
        self.bodyLimit = bodyLimit
        server.loop.every(min(.seconds(1), work.limits.time / 10)) { [weak work] in work?.expire(.now) }
    }

    /// Serves what comes in there.
    package func serve(_ http: HTTPServer) {
        http.screen = { self.screen($0) }
        http.refusal = { self.refuse($0, $1, $2) }
    }

    /// A request whose body is still to come: nobody may send one who may not do what he asks for.
    package func screen(_ exchange: HTTPExchange) {
        let call = call(exchange)
        do throws(APIStatus) {
            try admit(call, exchange)
            if let length = exchange.headers["content-length"].flatMap({ Int($0) }), length > bodyLimit {
                throw .requestEntityTooLarge("limit is \(bodyLimit)")
            }
        } catch {
            return call.fail(error)
        }
        exchange.context = call
        exchange.client = call.client
    }

    package func handle(_ exchange: HTTPExchange) {
        let screened = exchange.context as? APICall
        let call = screened ?? call(exchange)
        exchange.context = nil
        do throws(APIStatus) {
            if screened == nil { try admit(call, exchange) }
            call.body = exchange.body
            call.began = .now
            if !call.info.isLongRunning { try work.enter(call) }
        } catch {
            return call.fail(error)
        }
        server.route(call)
    }

    /// What the HTTP server itself does not take.
    package func refuse(_ exchange: HTTPExchange, _ code: Int, _ reason: String) {
        let status: APIStatus =
            switch code {
            case 400: .badRequest(reason)
            case 408: APIStatus(code: 408, reason: "Timeout", message: reason)
            case 413: .requestEntityTooLarge("limit is \(bodyLimit)")
            case 429: .tooManyRequests("Too many requests, please try again later.", retryAfterSeconds: 1)
            default: APIStatus(code: code, reason: "", message: reason)
            }
        let screened = exchange.context as? APICall
        exchange.context = nil
        (screened ?? APICall(exchange)).fail(status)
    }

    private func call(_ exchange: HTTPExchange) -> APICall {
        let call = APICall(exchange)
        call.onAnswer { [metrics, audit, server] call, code in
            metrics.answered(call, code, isKnown: server.knows(call.info))
            audit?.record(call, code)
        }
        return call
    }

    // MARK: Permission

    private func admit(_ call: APICall, _ exchange: HTTPExchange) throws(APIStatus) {
        do throws(APIStatus) {
            call.user = try access.authenticate(exchange.peer, exchange.headers["authorization"]).get()
        } catch {
            exchange.closesConnection = exchange.isHTTP2
            throw error
        }
        // A connection of HTTP/2 costs too much to leave it to somebody unknown (as upstream since CVE-2023-44487).
        let isKnown = call.user.name != User.anonymous.name
        exchange.isTrusted = isKnown
        exchange.closesConnection = !isKnown && exchange.isHTTP2
        call.client = isKnown ? call.user.name : exchange.client
        try impersonate(call)
        try authorize(call)
    }

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

extension HTTPExchange {
    fileprivate var isHTTP2: Bool { request.version == .http2 }
}

extension APICall {
    /// A longer one is none of upstream's clients'.
    private static let longestAuditID = 64

    fileprivate convenience init(_ exchange: HTTPExchange) {
        let query = Query(exchange.query ?? "")
        let given = exchange.headers["audit-id"].flatMap { $0.utf8.count > Self.longestAuditID ? nil : $0 }
        self.init(
            info: RequestInfo(method: exchange.method, path: percentDecoded(exchange.path), query: query),
            method: exchange.method, query: query, headers: exchange.headers, body: [], sink: exchange,
            user: .anonymous, sourceAddress: exchange.peer.client,
            auditID: given ?? ObjectMetadata.newUID())
        rawPath = exchange.path
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
