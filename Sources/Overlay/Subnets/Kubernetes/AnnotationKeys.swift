/// The names of flannel's annotations on a Node, with the prefix that all of a cluster's nodes share.
package struct AnnotationKeys: Hashable, Sendable {
    private let prefix: String

    /// flannel's rule: a prefix without a slash ends with one, one with a slash is followed by a dash. Nil for one with
    /// several slashes, or that is empty.
    package init?(prefix: String) {
        let slashes = prefix.utf8.count { $0 == UInt8(ascii: "/") }
        if prefix.isEmpty || slashes > 1 || prefix.hasPrefix("/") { return nil }
        self.prefix =
            if slashes == 0 {
                prefix + "/"
            } else {
                prefix.hasSuffix("/") || prefix.hasSuffix("-") ? prefix : prefix + "-"
            }
    }

    package static let defaultPrefix = "flannel.alpha.coreos.com"

    /// "true" on a node that takes part.
    var isManaged: String { prefix + "kube-subnet-manager" }
    var backendType: String { prefix + "backend-type" }
    var backendData: String { prefix + "backend-data" }
    var backendV6Data: String { prefix + "backend-v6-data" }
    var publicIP: String { prefix + "public-ip" }
    var publicIPv6: String { prefix + "public-ipv6" }
    /// An operator's: published instead of our own address, which stays the source.
    var publicIPOverwrite: String { prefix + "public-ip-overwrite" }
    var publicIPv6Overwrite: String { prefix + "public-ipv6-overwrite" }
    /// An operator's: one of the node's addresses, which chooses the interface, too.
    var nodePublicIP: String { prefix + "node-public-ip" }
    var nodePublicIPv6: String { prefix + "node-public-ipv6" }

    /// Whether an annotation may be one of these, under whichever prefix: what is kept of a node is decided before the
    /// prefix is known.
    static func mayBe(_ key: String) -> Bool { endings.contains { key.hasSuffix($0) } }

    private static let endings = [
        "kube-subnet-manager", "backend-type", "backend-data", "backend-v6-data", "public-ip", "public-ipv6",
        "public-ip-overwrite", "public-ipv6-overwrite",
    ]
}
