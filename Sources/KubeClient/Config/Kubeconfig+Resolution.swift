internal import HTTP
internal import JSON
internal import Linux

extension Kubeconfig {
    /// The access that a context gives, nil for the current one. `server` overrides the cluster's.
    /// Throws every problem that the context, its cluster and its user have.
    package func access(context name: String? = nil, server override: String? = nil) throws(KubeconfigError)
        -> ClusterAccess
    {
        let name = name ?? currentContext
        var fields = EntryFields(Entry(value: JSONObject(), file: "", directory: "."), "")
        var namespace = "default"
        var cluster = EntryFields(Entry(value: JSONObject(), file: "", directory: "."), "")
        var user = cluster
        if name.isEmpty {
            guard override != nil else {
                throw KubeconfigError("no current-context is set; choose one with kubectl config use-context")
            }
        } else {
            guard let context = contexts[name] else { throw KubeconfigError("there is no context \"\(name)\"") }
            fields = EntryFields(context, "context \"\(name)\"")
            namespace = fields.string("namespace") ?? "default"
            let clusterName = fields.string("cluster") ?? ""
            if let entry = clusters[clusterName] {
                cluster = EntryFields(entry, "cluster \"\(clusterName)\"")
            } else if override == nil {
                fields.report("there is no cluster \"\(clusterName)\"")
            }
            if let userName = fields.string("user"), !userName.isEmpty {
                if let entry = users[userName] {
                    user = EntryFields(entry, "user \"\(userName)\"")
                } else {
                    fields.report("there is no user \"\(userName)\"")
                }
            }
        }
        let server = override ?? cluster.string("server") ?? ""
        if fields.problems.isEmpty, !server.hasPrefix("https://") && !server.hasPrefix("http://") {
            cluster.report("server \"\(server)\" must begin with https:// or http://")
        }
        let route = cluster.route()
        let credentials = user.credentials()
        let impersonation = user.impersonation()
        let problems = fields.problems + cluster.problems + user.problems
        if !problems.isEmpty { throw KubeconfigError(problems: problems) }
        var access = ClusterAccess(server: server, route: route, credentials: credentials, namespace: namespace)
        access.impersonation = impersonation
        return access
    }
}

/// Reads of one entry that collect what is wrong.
struct EntryFields {
    private let entry: Kubeconfig.Entry
    private let name: String
    private(set) var problems: [String] = []

    init(_ entry: Kubeconfig.Entry, _ name: String) {
        self.entry = entry
        self.name = name
    }

    mutating func report(_ reason: String) { problems.append("\(entry.file): \(name): \(reason)") }

    private func value(_ key: String) -> JSONValue? {
        guard let value = entry.value[key], !value.isNull else { return nil }
        return value
    }

    mutating func string(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        if value.string == nil { report("\(key) is \(value.kind), should be a string") }
        return value.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func bool(_ key: String) -> Bool {
        guard let value = value(key) else { return false }
        if value.bool == nil { report("\(key) is \(value.kind), should be true or false") }
        return value.bool ?? false
    }

    /// A file of the kubeconfig's, relative to its directory.
    private mutating func path(_ key: String) -> String? {
        string(key).map { $0.hasPrefix("/") ? $0 : "\(entry.directory)/\($0)" }
    }

    /// `key-data` in base64 goes before the file that `key` names.
    private mutating func pem(_ key: String) -> HTTPRoute.PEM? {
        if let data = string(key + "-data") {
            guard let bytes = Base64.decode(data.filter { !$0.isWhitespace }) else {
                report("\(key)-data is no base64")
                return nil
            }
            return .text(bytes)
        }
        guard let path = path(key) else { return nil }
        if !Files.exists(path) { report("\(key): \(path) is not there") }
        return .file(path)
    }

    // MARK: Clusters

    mutating func route() -> HTTPRoute {
        var route = HTTPRoute(authority: pem("certificate-authority"))
        route.serverName = string("tls-server-name")
        if bool("insecure-skip-tls-verify") {
            if route.authority != nil {
                report("insecure-skip-tls-verify and certificate-authority exclude each other")
            }
            route.verifiesServer = false
        }
        if let proxy = string("proxy-url") {
            if proxy.hasPrefix("http://") || proxy.hasPrefix("https://") {
                route.proxy = proxy
            } else if proxy.hasPrefix("socks5://") {
                // Names are the proxy's to look up, as in Go.
                route.proxy = "socks5h" + proxy.dropFirst("socks5".count)
            } else {
                report("proxy-url \"\(proxy)\" must begin with http://, https:// or socks5://")
            }
        }
        return route
    }

    // MARK: Users

    mutating func credentials() -> CredentialSource {
        var credential = Credential()
        credential.certificate = pem("client-certificate")
        credential.key = pem("client-key")
        if (credential.certificate == nil) != (credential.key == nil) && problems.isEmpty {
            report("client-certificate and client-key: give both or none")
        }
        if let user = string("username") {
            credential.basic = Base64.encode("\(user):\(string("password") ?? "")".utf8)
        }
        if value("auth-provider") != nil {
            report("auth-provider is no longer a part of Kubernetes; use an exec plugin")
        }
        // As in client-go, a token that is written here goes before one in a file.
        credential.token = string("token")
        if let token = credential.token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            report("token has characters that no token has")
        }
        if credential.token == nil, let file = path("tokenFile") { return .tokenFile(file, credential) }
        if let exec = value("exec") {
            if credential.token != nil { return .fixed(credential) }
            if credential.basic != nil { report("exec and username exclude each other") }
            if let plugin = plugin(exec) { return .exec(plugin, credential) }
        }
        return .fixed(credential)
    }

    private mutating func plugin(_ exec: JSONValue) -> ExecPlugin? {
        guard let object = exec.object else {
            report("exec is \(exec.kind), should be an object")
            return nil
        }
        let said = object["apiVersion"]?.string ?? ""
        guard let version = ExecPlugin.Version(rawValue: said) else {
            report(
                "exec.apiVersion \"\(said)\" is none of \(ExecPlugin.Version.allCases.map(\.rawValue).joined(separator: ", "))"
            )
            return nil
        }
        guard var command = object["command"]?.string, !command.isEmpty else {
            report("exec.command is missing")
            return nil
        }
        if command.contains("/") && !command.hasPrefix("/") { command = "\(entry.directory)/\(command)" }
        var plugin = ExecPlugin(version, command: command)
        for (index, argument) in (object["args"]?.array ?? []).enumerated() {
            if let text = argument.string {
                plugin.arguments.append(text)
            } else {
                report("exec.args[\(index)] is no string")
            }
        }
        for (index, variable) in (object["env"]?.array ?? []).enumerated() {
            if let name = variable["name"]?.string, !name.isEmpty, !name.contains("=") {
                plugin.environment.append("\(name)=\(variable["value"]?.string ?? "")")
            } else {
                report("exec.env[\(index)] has no name")
            }
        }
        plugin.installHint = object["installHint"]?.string ?? ""
        plugin.providesClusterInfo = object["provideClusterInfo"]?.bool ?? false
        switch object["interactiveMode"]?.string {
        case nil, "", "Never", "IfAvailable": break
        case "Always": report("exec.interactiveMode is Always, but a daemon has nobody to ask")
        case let mode?: report("exec.interactiveMode \"\(mode)\" is none of Never, IfAvailable, Always")
        }
        return plugin
    }

    /// Headers are lines: a line break in a value would begin another one.
    mutating func impersonation() -> [String] {
        var headers: [String] = []
        if let user = string("as") { headers.append("Impersonate-User: \(user)") }
        if let uid = string("as-uid") { headers.append("Impersonate-Uid: \(uid)") }
        for group in value("as-groups")?.array?.compactMap(\.string) ?? [] {
            headers.append("Impersonate-Group: \(group)")
        }
        for extra in value("as-user-extra")?.object?.members ?? [] {
            for text in extra.value.array?.compactMap(\.string) ?? [] {
                headers.append("Impersonate-Extra-\(PercentEncoding.encode(extra.key)): \(text)")
            }
        }
        if headers.contains(where: { $0.utf8.contains { $0 < 0x20 || $0 == 0x7F } }) {
            report("a name to impersonate has control characters")
        }
        return headers
    }
}
