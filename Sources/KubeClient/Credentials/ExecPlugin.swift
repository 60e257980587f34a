/// A program that gives credentials (Kubernetes: "client-go credential plugins").
package struct ExecPlugin: Hashable, Sendable {
    package enum Version: String, Hashable, Sendable, CaseIterable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    package var version: Version
    /// A name is looked for in PATH; a relative path has been made absolute by the kubeconfig's directory.
    package var command: String
    package var arguments: [String] = []
    /// Added to our own environment: NAME=VALUE.
    package var environment: [String] = []
    /// What to tell a person when the program is not there.
    package var installHint = ""
    /// Whether the program is told of the cluster.
    package var providesClusterInfo = false

    package init(_ version: Version = .v1, command: String) {
        self.version = version
        self.command = command
    }
}
