import JSON
import KubeClient

@testable import ControlPlane

/// The kinds that are written: plain ones, some that the server has logic for, one of the whole cluster, and a custom one.
/// None that a controller writes too.
enum LoadKind: String, CaseIterable {
    case configMap, secret, service, pod, lease, storageClass, widget

    var resource: (group: String, plural: String, kind: String) {
        switch self {
        case .configMap: ("", "configmaps", "ConfigMap")
        case .secret: ("", "secrets", "Secret")
        case .service: ("", "services", "Service")
        case .pod: ("", "pods", "Pod")
        case .lease: ("coordination.k8s.io", "leases", "Lease")
        case .storageClass: ("storage.k8s.io", "storageclasses", "StorageClass")
        case .widget: ("example.org", "widgets", "Widget")
        }
    }

    var storage: StoragePrefix {
        switch self {
        case .configMap, .secret, .pod, .lease, .storageClass: StoragePrefix(resource.plural)
        case .service: .services
        case .widget: StoragePrefix("example.org/widgets")
        }
    }

    var isNamespaced: Bool { self != .storageClass }
    /// What a selection of a test may ask for, besides the name.
    var fields: [Selection.Fields] {
        switch self {
        case .secret: [.equals("type", "example.org/other"), .differs("type", "Opaque")]
        case .service: [.equals("spec.type", "NodePort")]
        case .pod:
            [
                .equals("status.phase", "Running"), .equals("spec.schedulerName", "nobody"),
                .differs("spec.schedulerName", "nobody"),
            ]
        case .configMap, .lease, .storageClass, .widget: []
        }
    }

    /// Custom resources have no protobuf.
    var forms: [WatchForm] { WatchForm.allCases.filter { self != .widget || $0 != .protobuf } }

    /// `namespace` is empty for all of them.
    func path(_ namespace: String = "") -> ResourcePath {
        ResourcePath(
            group: resource.group, resource.plural,
            namespace: isNamespaced && !namespace.isEmpty ? namespace : nil)
    }

    /// An object to create. The marker says by which operation, and `variant` what it is like.
    func object(_ namespace: String, _ name: String, _ labels: JSONValue, _ marker: String, variant: Int) -> JSONValue {
        var object: JSONValue = [
            "apiVersion": .string(resource.group.isEmpty ? "v1" : "\(resource.group)/v1"),
            "kind": .string(resource.kind),
            "metadata": ["name": .string(name), "labels": labels, "annotations": ["op": .string(marker)]],
        ]
        if isNamespaced { object.set(.string(namespace), at: "metadata", "namespace") }
        switch self {
        case .configMap:
            object.set(["text": .string(String(repeating: "x", count: variant * 200))], at: "data")
            if variant == 0 { object.set(["example.org/wait"], at: "metadata", "finalizers") }
        case .secret: object.set(.string(variant.isMultiple(of: 2) ? "Opaque" : "example.org/other"), at: "type")
        case .service:
            object.set(
                ["type": variant.isMultiple(of: 2) ? "ClusterIP" : "NodePort", "ports": [["port": 80]]], at: "spec")
        case .pod:
            object.set(["containers": [["name": "c", "image": "i"]]], at: "spec")
            object.set(variant.isMultiple(of: 2) ? "nobody" : "somebody", at: "spec", "schedulerName")
        case .lease: object.set(["holderIdentity": .string(marker)], at: "spec")
        case .storageClass: object.set("example.org/none", at: "provisioner")
        case .widget: object.set(["size": .number(JSONNumber(variant))], at: "spec")
        }
        return object
    }

    static let definition: JSONValue = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "widgets.example.org"],
        "spec": [
            "group": "example.org", "scope": "Namespaced",
            "names": ["plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList"],
            "versions": [
                [
                    "name": "v1", "served": true, "storage": true,
                    "schema": [
                        "openAPIV3Schema": [
                            "type": "object",
                            "properties": ["spec": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
                        ]
                    ],
                ]
            ],
        ],
    ]
}
