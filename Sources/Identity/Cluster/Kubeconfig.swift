internal import JSON

/// The text of a kubeconfig with one cluster, one user and one context.
package struct Kubeconfig: Hashable, Sendable {
    /// `https://127.0.0.1:6443`
    package var server: String
    package var cluster = "poplin"
    package var user: String
    /// PEM.
    package var authorities: String
    package var certificate: String
    package var key: String

    package init(server: String, user: String, authorities: String, certificate: String, key: String) {
        self.server = server
        self.user = user
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }

    /// YAML; strings are quoted as JSON quotes them, which YAML allows.
    package var text: String {
        func quoted(_ text: String) -> String { JSONValue.string(text).serialized() }
        let context = quoted("\(user)@\(cluster)")
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - name: \(quoted(cluster))
              cluster:
                server: \(quoted(server))
                certificate-authority-data: \(Base64.encode(authorities.utf8))
            users:
            - name: \(quoted(user))
              user:
                client-certificate-data: \(Base64.encode(certificate.utf8))
                client-key-data: \(Base64.encode(key.utf8))
            contexts:
            - name: \(context)
              context:
                cluster: \(quoted(cluster))
                user: \(quoted(user))
            current-context: \(context)

            """
    }
}
