internal import Crypto
package import JSON

/// Which requests of kubelets are approved without anybody looking: those for the client certificate of a node, by
/// somebody who may ask for it.
package struct NodeApproval {
    private let authorize: (AccessRequest) -> Decision

    package init(authorize: @escaping (AccessRequest) -> Decision) { self.authorize = authorize }

    /// What the condition says; nil when it is left to people.
    package func message(for request: JSONValue) -> String? {
        let bytes = request.member(at: "spec", "request")?.base64Bytes ?? []
        let usages = request.member(at: "spec", "usages")?.array?.compactMap(\.string) ?? []
        guard request.member(at: "spec", "signerName")?.string == KubernetesSigner.kubeletClient.rawValue,
            let parsed = try? CertificateRequest(pem: String(decoding: bytes, as: UTF8.self)),
            KubernetesSigner.kubeletClient.problem(of: parsed, usages: usages) == nil
        else { return nil }
        let user = Self.user(request)
        if user.name == parsed.subject.commonName, mayCreate("selfnodeclient", user) {
            return "Auto approving self kubelet client certificate after SubjectAccessReview."
        }
        if mayCreate("nodeclient", user) {
            return "Auto approving kubelet client certificate after SubjectAccessReview."
        }
        return nil
    }

    private func mayCreate(_ subresource: String, _ user: User) -> Bool {
        authorize(
            AccessRequest(
                user: user, verb: "create", apiGroup: "certificates.k8s.io", apiVersion: "*",
                resource: "certificatesigningrequests", subresource: subresource)
        ).isAllowed
    }

    /// Who made the request: the server wrote it down.
    private static func user(_ request: JSONValue) -> User {
        let spec = request.member("spec")
        var extra: [String: [String]] = [:]
        for member in spec?.member("extra")?.object?.members ?? [] {
            extra[member.key] = member.value.array?.compactMap(\.string) ?? []
        }
        return User(
            name: spec?.member("username")?.string ?? "", uid: spec?.member("uid")?.string ?? "",
            groups: spec?.member("groups")?.array?.compactMap(\.string) ?? [], extra: extra)
    }
}
