internal import Daemon
internal import KubeClient
internal import NFTables
internal import NetTypes

/// What the node has to listen on itself, for Services.
extension ProxyDaemon {
    func updateListeners(_ view: NodeView) {
        if listening?.revision == index.listeners.revision, listening?.view == view { return }
        listening = (index.listeners.revision, view)
        for (check, port, reason) in healthChecks.update(index.listeners.healthChecks, on: view.nodePortAddresses) {
            let service = check.service
            log.error(
                "no health checks for load balancers", ["of": "\(service)", "port": "\(port)", "reason": "\(reason)"])
            events.record(
                .init(
                    .warning, .init(kind: "Service", namespace: service.namespace, name: service.name),
                    reason: "FailedToStartServiceHealthcheck", action: "Listen",
                    note: "node \(name) cannot serve the healthCheckNodePort \(port): \(reason)"))
        }
        // iptables has means of its own.
        let isServed = view.servesLoopbackNodePorts && applier?.mode == .nftables
        let own = (view.nodePortAddresses ?? view.addresses).first { $0.family == .v4 }
        let failures = loopbackPorts.update(
            streams: isServed ? index.listeners.loopbackPorts(.tcp) : [:],
            datagrams: isServed ? index.listeners.loopbackPorts(.udp) : [:], by: own)
        for (port, reason) in failures {
            log.error("a node port is not served on 127.0.0.1", ["port": "\(port)", "reason": "\(reason)"])
        }
    }

    /// Annotations that mean nothing are told once for each change of them.
    func tell(_ problems: [String], of service: ObjectKey) {
        for problem in problems {
            log.warning("an annotation is passed over", ["service": "\(service)", "reason": problem])
            events.record(
                .init(
                    .warning, .init(kind: "Service", namespace: service.namespace, name: service.name),
                    reason: "InvalidAnnotation", action: "Read", note: problem))
        }
    }

    func tellStart() {
        events.record(
            .init(
                .normal, .init(kind: "Node", name: name, uid: name), reason: "Starting", action: "StartServiceProxy",
                note: "Service proxy started, by \(applier?.mode.rawValue ?? "nothing")"))
    }
}
