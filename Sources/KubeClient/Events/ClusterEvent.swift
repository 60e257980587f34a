internal import JSON

/// Something that happened to an object, for people who look at it (Kubernetes: "Event v1 events.k8s.io").
package struct ClusterEvent: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// The object that it is about.
    package struct Reference: Hashable, Sendable {
        package var apiVersion: String
        package var kind: String
        /// Empty for objects without one; their events are in the namespace `default`.
        package var namespace: String
        package var name: String
        package var uid: String

        package init(apiVersion: String = "v1", kind: String, namespace: String = "", name: String, uid: String = "") {
            self.apiVersion = apiVersion
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.uid = uid
        }
    }

    package var severity: Severity
    package var regarding: Reference
    /// One word, why it was done or happened: `PodCIDRMissing`. At most 128 bytes.
    package var reason: String
    /// One word, what was done: `Waiting`. At most 128 bytes.
    package var action: String
    /// A sentence for people. At most 1024 bytes, or the server refuses it.
    package var note: String

    package init(
        _ severity: Severity, _ regarding: Reference, reason: String, action: String, note: String
    ) {
        self.severity = severity
        self.regarding = regarding
        self.reason = reason
        self.action = action
        self.note = note
    }

    var namespace: String { regarding.namespace.isEmpty ? "default" : regarding.namespace }

    /// Events that differ in their note alone are one that repeats.
    var identity: ClusterEvent {
        var copy = self
        copy.note = ""
        return copy
    }

    /// The event as an object. `time` is a MicroTime.
    func object(name: String, controller: String, instance: String, time: String) -> JSONValue {
        var about = JSONObject([
            ("apiVersion", .string(regarding.apiVersion)), ("kind", .string(regarding.kind)),
            ("name", .string(regarding.name)),
        ])
        if !regarding.namespace.isEmpty { about["namespace"] = .string(regarding.namespace) }
        if !regarding.uid.isEmpty { about["uid"] = .string(regarding.uid) }
        return [
            "apiVersion": "events.k8s.io/v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(namespace)], "eventTime": .string(time),
            "type": .string(severity.rawValue), "reason": .string(cut(reason, 128)),
            "action": .string(cut(action, 128)),
            "note": .string(cut(note, 1024)), "regarding": .object(about), "reportingController": .string(controller),
            "reportingInstance": .string(cut(instance, 128)),
        ]
    }

    /// At most so many bytes, at a character's end.
    private func cut(_ text: String, _ limit: Int) -> String {
        if text.utf8.count <= limit { return text }
        var cut = ""
        var length = 0
        for character in text {
            length += String(character).utf8.count
            if length > limit { break }
            cut.append(character)
        }
        return cut
    }
}
