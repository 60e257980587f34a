/// How the overlay reaches the cluster's API, and which node it is.
package struct KubernetesSettings: Hashable, Sendable {
    /// Nil: as a pod.
    package var kubeconfig: String?
    /// Nil: the kubeconfig's.
    package var server: String?
    package var keys: AnnotationKeys
    /// The network's configuration, a file.
    package var configPath: String
    /// Whether the Node's condition NetworkUnavailable is ours to clear.
    package var clearsNetworkUnavailable: Bool
    /// NODE_NAME, POD_NAME and POD_NAMESPACE, and where a pod finds the API.
    package var environment: [String: String]

    package init(
        kubeconfig: String? = nil, server: String? = nil, keys: AnnotationKeys, configPath: String,
        clearsNetworkUnavailable: Bool = true, environment: [String: String] = [:]
    ) {
        self.kubeconfig = kubeconfig
        self.server = server
        self.keys = keys
        self.configPath = configPath
        self.clearsNetworkUnavailable = clearsNetworkUnavailable
        self.environment = environment
    }
}
