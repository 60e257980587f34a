package import Identity
internal import KubeAPI
internal import Linux

/// Makes audit events of requests.
package final class RequestAudit {
    private let append: (AuditEvent) -> Void

    package init(_ append: @escaping (AuditEvent) -> Void) { self.append = append }

    func record(_ call: APICall, _ code: Int) {
        // What asks for nothing but health says nothing about anybody.
        if !call.info.isResource, code < 400 { return }
        let now = Timestamp.now
        let elapsed = (MonotonicTime.now - call.began).nanoseconds / 1000
        let micros = Int64(now.seconds) * 1_000_000 + Int64(now.microseconds) - elapsed
        let received = Timestamp(seconds: Int(micros / 1_000_000), microseconds: Int(micros % 1_000_000))
        let query = call.query.text
        var event = AuditEvent(
            id: call.auditID, requestURI: query.isEmpty ? call.info.path : "\(call.info.path)?\(query)",
            verb: call.info.verb, user: call.impersonator ?? call.user, received: received, completed: now)
        if call.impersonator != nil { event.impersonatedUser = call.user }
        if !call.sourceAddress.isEmpty { event.sourceAddresses = [call.sourceAddress] }
        event.userAgent = call.userAgent
        if call.info.isResource {
            var object = AuditEvent.Object(resource: call.info.resource)
            object.subresource = call.info.subresource
            object.namespace = call.info.namespace
            object.name = call.info.name
            object.apiGroup = call.info.group
            object.apiVersion = call.info.version
            event.object = object
        }
        event.code = code
        event.failure = call.failure
        if let decision = call.decision { event.annotate(decision) }
        append(event)
    }
}
