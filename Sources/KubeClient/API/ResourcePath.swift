/// A kind of resource on the API server, in one namespace or in all: `/apis/discovery.k8s.io/v1/endpointslices`.
package struct ResourcePath: Hashable, Sendable {
    /// Empty for the core group.
    package var group: String
    package var version: String
    /// In the plural: `nodes`.
    package var resource: String
    /// Nil for cluster-wide resources, and to list all namespaces.
    package var namespace: String?

    package init(group: String = "", version: String = "v1", _ resource: String, namespace: String? = nil) {
        self.group = group
        self.version = version
        self.resource = resource
        self.namespace = namespace
    }

    package static let nodes = ResourcePath("nodes")
    package static let services = ResourcePath("services")
    package static let endpointSlices = ResourcePath(group: "discovery.k8s.io", "endpointslices")
    package static func pods(in namespace: String? = nil) -> ResourcePath { ResourcePath("pods", namespace: namespace) }

    /// The path of the collection, or of an object or its subresource.
    package func path(_ name: String? = nil, subresource: String? = nil) -> String {
        var parts = group.isEmpty ? ["api", version] : ["apis", group, version]
        if let namespace { parts += ["namespaces", namespace] }
        parts += [resource] + [name, subresource].compactMap(\.self)
        return parts.map { "/" + PercentEncoding.encode($0) }.joined()
    }
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
enum PercentEncoding {
    static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                let hex = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
