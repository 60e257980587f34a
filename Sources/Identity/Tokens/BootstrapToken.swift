package import JSON
package import KubeAPI

/// The tokens with which new nodes join: `abcdef.0123456789abcdef`, each a Secret in kube-system.
package struct BootstrapToken: Hashable, Sendable {
    package let id: String
    package let secret: String

    /// Nil unless it is six and sixteen digits or small letters with a point between them.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 6, parts[1].count == 16,
            parts.allSatisfy({ $0.allSatisfy { (48...57).contains($0) || (97...122).contains($0) } })
        else { return nil }
        id = String(decoding: parts[0], as: UTF8.self)
        secret = String(decoding: parts[1], as: UTF8.self)
    }

    package static let namespace = "kube-system"
    package var secretName: String { "bootstrap-token-\(id)" }

    /// The user that the token stands for; nil when the Secret is another's, is not for authentication, or has expired.
    package func user(from object: JSONValue, now: Timestamp) -> User? {
        guard object.member("type")?.string == "bootstrap.kubernetes.io/token",
            object.member(at: "metadata", "deletionTimestamp") == nil,
            Secrets.areEqual(text("token-secret", object), secret), text("token-id", object) == id,
            text("usage-bootstrap-authentication", object) == "true"
        else { return nil }
        if let expiration = text("expiration", object) {
            guard let end = Timestamp(expiration), now < end else { return nil }
        }
        var groups = [User.Group.bootstrappers]
        for group in (text("auth-extra-groups", object) ?? "").split(separator: ",") {
            guard Self.isGroup(group) else { return nil }
            groups.append(String(group))
        }
        return User(name: "system:bootstrap:\(id)", groups: groups)
    }

    private func text(_ key: String, _ object: JSONValue) -> String? {
        object.member(at: "data", key)?.base64Bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// `system:bootstrappers:` and at most 256 of `a-z 0-9 : -`, the last a letter or digit.
    private static func isGroup(_ group: Substring) -> Bool {
        let prefix = "\(User.Group.bootstrappers):"
        guard group.hasPrefix(prefix) else { return false }
        let rest = Array(group.utf8.dropFirst(prefix.utf8.count))
        func isWord(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
        guard let last = rest.last, isWord(last), rest.count <= 256 else { return false }
        return rest.allSatisfy { isWord($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "-") }
    }
}
