package import Crypto

/// The signers that every cluster has, and what each asks of a request
/// (https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers).
package enum KubernetesSigner: String, CaseIterable, Sendable {
    /// Certificates of users.
    case client = "kubernetes.io/kube-apiserver-client"
    /// Certificates that kubelets show to the server.
    case kubeletClient = "kubernetes.io/kube-apiserver-client-kubelet"
    /// Certificates that kubelets show to their clients.
    case kubeletServing = "kubernetes.io/kubelet-serving"
    /// Whatever an administrator has approved.
    case legacyUnknown = "kubernetes.io/legacy-unknown"

    private static let nodePrefix = "system:node:"
    private static let nodeGroup = "system:nodes"

    /// Why it does not sign the request, in upstream's words; nil when it does. `usages` are those of the
    /// CertificateSigningRequest.
    package func problem(of request: CertificateRequest, usages: [String]) -> String? {
        switch self {
        case .legacyUnknown: return nil
        case .client:
            let allowed: Set = ["client auth", "digital signature", "key encipherment"]
            return usages.contains("client auth") && allowed.isSuperset(of: usages) ? nil : Self.usageProblem(allowed)
        case .kubeletClient:
            if let problem = Self.nodeProblem(request) { return problem }
            if !request.names.dns.isEmpty { return "DNS subjectAltNames are not allowed" }
            if !request.names.addresses.isEmpty { return "IP subjectAltNames are not allowed" }
            return Self.exactly("client auth", usages)
        case .kubeletServing:
            if let problem = Self.nodeProblem(request) { return problem }
            if request.names.dns.isEmpty && request.names.addresses.isEmpty {
                return "DNS or IP subjectAltName is required"
            }
            return Self.exactly("server auth", usages)
        }
    }

    private static func nodeProblem(_ request: CertificateRequest) -> String? {
        if request.subject.organizations != [nodeGroup] { return "subject organization is not \(nodeGroup)" }
        if !request.names.emails.isEmpty { return "Email subjectAltNames are not allowed" }
        if !request.names.uris.isEmpty { return "URI subjectAltNames are not allowed" }
        if !request.subject.commonName.hasPrefix(nodePrefix) {
            return "subject common name does not begin with \(nodePrefix)"
        }
        return nil
    }

    /// RSA keys need key encipherment, others do not.
    private static func exactly(_ usage: String, _ usages: [String]) -> String? {
        let least: Set = [usage, "digital signature"]
        let most = least.union(["key encipherment"])
        return Set(usages) == least || Set(usages) == most ? nil : usageProblem(most)
    }

    private static func usageProblem(_ expected: Set<String>) -> String {
        "usages did not match [\(expected.sorted().joined(separator: " "))]"
    }
}
