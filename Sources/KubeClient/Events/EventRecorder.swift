internal import Daemon
internal import JSON
internal import KubeAPI
internal import Linux

/// Tells the cluster's events, as well as may be: an event that cannot be written is lost, and what it is about goes on.
package final class EventRecorder {
    private let client: APIClient
    private let controller: String
    private let instance: String
    private let stamp: String
    private var series = EventSeries()
    private var timer: LoopTimer?
    /// Why the last event that was lost could not be written.
    package private(set) var lastFailure: APIFailure?

    /// `controller` is who tells, such as `poplin.dev/overlay`; `instance` which one of them, such as the node's name.
    package init(_ client: APIClient, controller: String, instance: String) {
        self.client = client
        self.controller = controller
        self.instance = instance
        stamp = String(UInt64.random(in: (1 << 56)...UInt64.max), radix: 16)
        timer = client.loop.every(EventSeries.interval) { [unowned self] in
            for action in series.due() { perform(action) }
        }
    }

    deinit {
        if let timer { client.loop.cancel(timer) }
    }

    package func record(_ event: ClusterEvent) {
        if let action = series.record(event, stamp: stamp) { perform(action) }
    }

    private func perform(_ action: EventSeries.Action) {
        let now = Timestamp.now.microTime
        switch action {
        case .create(let event, let name):
            let object = event.object(name: name, controller: controller, instance: instance, time: now)
            client.send(.create(Self.path(event), object)) { [weak self] in self?.note($0.map { _ in }, event) }
        case .update(let event, let name, let count):
            let patch: JSONValue = [
                "series": ["count": .number(JSONNumber(count)), "lastObservedTime": .string(now)]
            ]
            client.send(.patch(Self.path(event), name, .merge, patch)) { [weak self] in
                self?.note($0.map { _ in }, event)
            }
        }
    }

    private func note(_ result: Result<Void, APIFailure>, _ event: ClusterEvent) {
        guard case .failure(let failure) = result else { return }
        lastFailure = failure
        // Events live an hour; or this one was never written.
        series.forget(event)
    }

    private static func path(_ event: ClusterEvent) -> ResourcePath {
        ResourcePath(group: "events.k8s.io", "events", namespace: event.namespace)
    }
}
