package import JSON
internal import YAML

extension ProxyConfiguration {
    /// Every key with its value, sorted as kube-proxy writes them.
    package var document: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("apiVersion", .string(Self.apiVersion)), ("kind", .string(Self.kind)),
        ]
        var sections: [String: [(key: String, value: JSONValue)]] = [:]
        for key in ConfigurationKey.all {
            let parts = key.path.split(separator: ".", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                sections[parts[0], default: []].append((parts[1], key.write(self)))
            } else {
                members.append((key.path, key.write(self)))
            }
        }
        members += sections.map { ($0.key, object($0.value)) }
        return object(members)
    }

    private func object(_ members: [(key: String, value: JSONValue)]) -> JSONValue {
        .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }

    /// For --write-config-to.
    package func yaml() -> String { document.yaml() }

    /// For /configz.
    package var configz: JSONValue { .object(JSONObject([("kubeproxy.config.k8s.io", document)])) }
}
