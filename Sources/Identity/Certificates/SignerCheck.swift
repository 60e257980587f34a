internal import Crypto
package import JSON
package import KubeAPI

/// Who may have certificates issued: the checks around a CertificateSigningRequest, whose signer is a permission of its own
/// (upstream's admission plugins CertificateSubjectRestriction, CertificateApproval and CertificateSigning).
package struct SignerCheck {
    private let authorize: (AccessRequest) -> Decision

    package init(authorize: @escaping (AccessRequest) -> Decision) { self.authorize = authorize }

    private static let group = "certificates.k8s.io"
    package static let resource = GroupResource(group: group, resource: "certificatesigningrequests")
    private static let clientSigner = "kubernetes.io/kube-apiserver-client"

    /// Before a request is created: it must be one, signed with its own key, and nobody gets a certificate of those who may
    /// do everything this way. Throws Invalid or 403.
    package func checkCreation(_ request: JSONValue) throws(APIStatus) {
        let name = request.member(at: "metadata", "name")?.string ?? ""
        let bytes = request.member(at: "spec", "request")?.base64Bytes ?? []
        let parsed: CertificateRequest
        do throws(CryptoError) { parsed = try CertificateRequest(pem: String(decoding: bytes, as: UTF8.self)) } catch {
            throw .invalid(
                GroupKind(group: Self.group, kind: "CertificateSigningRequest"), name,
                [.invalid("spec.request", .base64(bytes), error.cause)])
        }
        let signer = request.member(at: "spec", "signerName")?.string
        if signer == Self.clientSigner && parsed.subject.organizations.contains(User.Group.masters) {
            throw .forbidden(
                Self.resource, name,
                "use of \(Self.clientSigner) signer with \(User.Group.masters) group is not allowed")
        }
    }

    /// Before a verdict, or a certificate, is written to a request: the user must be allowed `approve`, or `sign`, on its
    /// signer. `subresource` is `approval` or `status`. Throws the 403.
    package func checkUpdate(_ request: JSONValue, old: JSONValue, subresource: String, user: User) throws(APIStatus) {
        let (verb, word): (String, String)
        switch subresource {
        case "approval": (verb, word) = ("approve", "approve")
        case "status":
            // Conditions of its own any controller may report; what counts is the certificate.
            if request.member(at: "status", "certificate") == old.member(at: "status", "certificate") { return }
            (verb, word) = ("sign", "sign")
        default: return
        }
        let signer = old.member(at: "spec", "signerName")?.string ?? ""
        if isAllowed(verb, on: signer, user) { return }
        let name = old.member(at: "metadata", "name")?.string ?? ""
        throw .forbidden(
            Self.resource, name,
            "user not permitted to \(word) requests with signerName \(FieldCause.quoted(signer))")
    }

    /// By the signer's name, or by `DOMAIN/*`.
    private func isAllowed(_ verb: String, on signer: String, _ user: User) -> Bool {
        let domain = signer.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return [signer, "\(domain)/*"].contains { name in
            authorize(
                AccessRequest(user: user, verb: verb, apiGroup: Self.group, resource: "signers", name: name)
            ).isAllowed
        }
    }
}
