package import JSON

/// The fields of a kind that a field selector may name, and where an object has them.
package struct SelectableFields: Sendable {
    /// Where the value of a field comes from.
    private enum Source: Sendable {
        /// The member at a path; numbers and booleans as text, absent ones as the text given.
        case path([String], absent: String)
        /// The first of several that is not empty.
        case firstOf([[String]])
        /// A name that is accepted and never has a value.
        case none
    }

    private let sources: [(name: String, source: Source)]
    /// How an unknown field is refused.
    private let refusal: @Sendable (String) -> String

    /// Of a built-in kind.
    package static func of(_ kind: GroupKind) -> SelectableFields { known[kind] ?? metadataOnly }

    /// Of a custom resource, from its version's `selectableFields`.
    /// `paths`: the JSON paths as the definition writes them, `.spec.color`.
    package static func custom(_ paths: [String]) -> SelectableFields {
        SelectableFields(
            paths.map { path in
                let keys = path.split(separator: ".").map(String.init)
                return (keys.joined(separator: "."), .path(keys, absent: ""))
            })
    }

    /// The names besides `metadata.name` and `metadata.namespace`.
    package var names: [String] { sources.map(\.name) }

    /// Refuses a selector that names a field which this kind does not have.
    package func check(_ selector: FieldSelector) throws(SelectorError) {
        for term in selector.terms where term.field != "metadata.name" && term.field != "metadata.namespace" {
            guard sources.contains(where: { $0.name == term.field }) else { throw SelectorError(refusal(term.field)) }
        }
    }

    /// An object's value of a field, the empty string where it has none.
    package func value(_ field: String, of object: JSONValue) -> String {
        switch field {
        case "metadata.name", "metadata.namespace":
            return object.member("metadata")?.member(String(field.dropFirst(9)))?.string ?? ""
        default:
            guard let source = sources.first(where: { $0.name == field })?.source else { return "" }
            return Self.value(source, of: object)
        }
    }

    /// All values that are not empty, for an index beside the object.
    package func values(of object: JSONValue) -> [(field: String, value: String)] {
        sources.compactMap { name, source in
            let value = Self.value(source, of: object)
            return value.isEmpty ? nil : (name, value)
        }
    }

    package func matches(_ selector: FieldSelector, _ object: JSONValue) -> Bool {
        selector.matches { value($0, of: object) }
    }

    /// The same of an object that is read by paths, wherever it is: `read` gives a scalar's text, nil where there is none.
    /// A step "0" of a path is a list's first element.
    package func value(_ field: String, read: (_ path: [String]) -> String?) -> String {
        guard let source = sources.first(where: { $0.name == field })?.source else { return "" }
        switch source {
        case .path(let path, let absent): return read(path) ?? absent
        case .firstOf(let paths):
            for path in paths {
                if let text = read(path), !text.isEmpty { return text }
            }
            return ""
        case .none: return ""
        }
    }

    private static func value(_ source: Source, of object: JSONValue) -> String {
        switch source {
        case .path(let path, let absent): text(object, path) ?? absent
        case .firstOf(let paths): paths.lazy.compactMap { text(object, $0) }.first { !$0.isEmpty } ?? ""
        case .none: ""
        }
    }

    private static func text(_ object: JSONValue, _ path: [String]) -> String? {
        var value = object
        for key in path {
            // "0" is the first element of a list.
            guard let next = key == "0" ? value.array?.first : value.member(key) else { return nil }
            value = next
        }
        return switch value {
        case .string(let text): text
        case .number(let number): number.literal
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    private init(
        _ sources: [(String, Source)],
        refusal: @escaping @Sendable (String) -> String = { "field label not supported: \($0)" }
    ) {
        self.sources = sources.map { (name: $0.0, source: $0.1) }
        self.refusal = refusal
    }

    private static let metadataOnly = SelectableFields([]) {
        "\(FieldCause.quoted($0)) is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
    }

    private static func paths(_ names: String...) -> [(String, Source)] {
        names.map { ($0, .path($0.split(separator: ".").map(String.init), absent: "")) }
    }

    private static let known: [GroupKind: SelectableFields] = [
        GroupKind(group: "", kind: "Pod"): SelectableFields(
            paths(
                "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase",
                "status.nominatedNodeName")
                + [
                    ("spec.host", .path(["spec", "nodeName"], absent: "")),
                    ("spec.hostNetwork", .path(["spec", "hostNetwork"], absent: "false")),
                    ("status.podIP", .path(["status", "podIPs", "0", "ip"], absent: "")), ("status.podIPs", .none),
                ]),
        GroupKind(group: "", kind: "Node"): SelectableFields([
            ("spec.unschedulable", .path(["spec", "unschedulable"], absent: "false"))
        ]),
        GroupKind(group: "", kind: "Service"): SelectableFields(paths("spec.clusterIP", "spec.type")),
        GroupKind(group: "", kind: "Namespace"): SelectableFields(
            paths("status.phase") + [("name", .path(["metadata", "name"], absent: ""))]),
        GroupKind(group: "", kind: "Secret"): SelectableFields(paths("type")),
        GroupKind(group: "", kind: "ReplicationController"): SelectableFields([
            ("status.replicas", .path(["status", "replicas"], absent: "0"))
        ]),
        GroupKind(group: "apps", kind: "ReplicaSet"): SelectableFields([
            ("status.replicas", .path(["status", "replicas"], absent: "0"))
        ]),
        GroupKind(group: "", kind: "Event"): SelectableFields(
            paths(
                "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
                "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
                "reportingComponent", "type")
                + [("source", .firstOf([["source", "component"], ["reportingComponent"]]))]),
        GroupKind(group: "events.k8s.io", kind: "Event"): SelectableFields(
            paths(
                "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "regarding.apiVersion",
                "regarding.resourceVersion", "regarding.fieldPath", "reason", "reportingController", "type")),
        GroupKind(group: "batch", kind: "Job"): SelectableFields([
            ("status.successful", .path(["status", "succeeded"], absent: "0"))
        ]) { "field label \(FieldCause.quoted($0)) not supported for Job" },
        GroupKind(group: "certificates.k8s.io", kind: "CertificateSigningRequest"): SelectableFields(
            paths("spec.signerName")),
        GroupKind(group: "resource.k8s.io", kind: "ResourceSlice"): SelectableFields(
            paths("spec.nodeName", "spec.driver")),
    ]
}
