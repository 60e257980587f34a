internal import JSON
internal import NetTypes

/// An address in use by a Service: what an IPAddress object says.
struct ServiceAddress: Hashable {
    var namespace: String
    var service: String
    var address: IPAddress

    static let manager = "ipallocator.k8s.io"

    init(namespace: String, service: String, address: IPAddress) {
        self.namespace = namespace
        self.service = service
        self.address = address
    }

    /// Nil for an object whose parent is no Service, or whose name is no address.
    init?(object: JSONValue) {
        guard object.text("spec", "parentRef", "group").isEmpty,
            object.text("spec", "parentRef", "resource") == "services",
            let address = IPAddress(object.text("metadata", "name"))
        else { return nil }
        self.init(
            namespace: object.text("spec", "parentRef", "namespace"), service: object.text("spec", "parentRef", "name"),
            address: address)
    }

    var object: JSONValue {
        let labels: JSONValue = [
            "ipaddress.kubernetes.io/ip-family": .string(address.family.apiName),
            "ipaddress.kubernetes.io/managed-by": .string(Self.manager),
        ]
        let parent: JSONValue = [
            "group": "", "resource": "services", "namespace": .string(namespace), "name": .string(service),
        ]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
            "metadata": ["name": .string(address.description), "labels": labels], "spec": ["parentRef": parent],
        ]
    }
}
