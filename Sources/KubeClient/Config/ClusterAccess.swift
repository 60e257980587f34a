package import HTTP
internal import Linux

/// All that it takes to talk to one cluster: where it is, whom to believe, what to show, and which namespace is ours.
package struct ClusterAccess: Hashable, Sendable {
    /// `https://10.0.0.1:6443`, without a slash at its end; with a path where a proxy wants one.
    package var server: String
    package var route: HTTPRoute
    package var credentials: CredentialSource
    package var namespace: String
    /// Headers that ask to be taken for somebody else (Kubernetes: "User impersonation").
    package var impersonation: [String] = []

    package init(
        server: String, route: HTTPRoute = HTTPRoute(), credentials: CredentialSource = .fixed(Credential()),
        namespace: String = "default"
    ) {
        self.server = String(server.reversed().drop { $0 == "/" }.reversed())
        self.route = route
        self.credentials = credentials
        self.namespace = namespace
    }

    /// The authorities' certificates themselves, to hand on to an exec plugin.
    var authorityText: [UInt8]? {
        switch route.authority {
        case .text(let bytes)?: bytes
        case .file(let path)?: try? Files.read(path, limit: 1 << 20)
        case nil: nil
        }
    }
}

extension ClusterAccess {
    /// What the kubelet puts into each container.
    package static let serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The access that a pod has (Kubernetes: "Accessing the Kubernetes API from a Pod").
    package static func inCluster(
        _ environment: [String: String], directory: String = serviceAccountDirectory
    ) throws(KubeconfigError) -> ClusterAccess {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
            !host.isEmpty, !port.isEmpty
        else {
            throw KubeconfigError(
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod; give a kubeconfig")
        }
        let token = directory + "/token"
        guard Files.exists(token) else {
            throw KubeconfigError("\(token) is not there: this pod has no service account")
        }
        var route = HTTPRoute()
        let authority = directory + "/ca.crt"
        // Without it the system's authorities are believed, as client-go does.
        if Files.exists(authority) { route.authority = .file(authority) }
        let namespace = (try? Files.readText(directory + "/namespace", limit: 4096)) ?? ""
        return ClusterAccess(
            server: "https://" + (host.contains(":") ? "[\(host)]" : host) + ":" + port, route: route,
            credentials: .tokenFile(token, Credential()),
            namespace: namespace.isEmpty ? "default" : namespace.filter { !$0.isWhitespace })
    }
}

/// Everything that is wrong with the way to the cluster.
package struct KubeconfigError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [String]

    package init(_ problems: String...) { self.problems = problems }
    package init(problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}
