import Crypto
import Identity
import JSON
import KubeAPI
import Testing

@Suite("Certificate requests and their signers")
struct SignerCheckTests {
    static func check() -> SignerCheck {
        let policy = RBACTests.bootstrapped()
        policy.setRole(
            namespace: "", name: "approver",
            rules: [
                PolicyRule(
                    verbs: ["approve"], apiGroups: ["certificates.k8s.io"], resources: ["signers"],
                    resourceNames: ["example.com/*", "kubernetes.io/kubelet-serving"])
            ])
        policy.setBinding(
            RoleBinding(
                name: "b", role: RoleReference(kind: .clusterRole, name: "approver"),
                subjects: [RoleSubject(kind: .user, name: "ann")]))
        return SignerCheck(authorize: policy.decide)
    }

    static func request(_ signer: String, certificate: JSONValue? = nil, request: String = "") -> JSONValue {
        var object: JSONValue = [
            "metadata": ["name": "r"],
            "spec": ["signerName": .string(signer), "request": .base64(Array(request.utf8))], "status": [:],
        ]
        if let certificate { object.setMember("status", ["certificate": certificate]) }
        return object
    }

    @Test(
        "a verdict needs approve, a certificate sign, on the signer or all of its domain",
        arguments: [
            ("ann", "approval", "example.com/own", true), ("ann", "approval", "kubernetes.io/kubelet-serving", true),
            ("ann", "approval", "kubernetes.io/kube-apiserver-client", false), ("ann", "approval", "example.com", true),
            ("ann", "status", "example.com/own", false), ("bob", "approval", "example.com/own", false),
            (
                "system:serviceaccount:kube-system:certificate-controller", "status",
                "kubernetes.io/kube-apiserver-client", true
            ),
            ("system:serviceaccount:kube-system:certificate-controller", "status", "example.com/own", false),
        ])
    func verdict(user: String, subresource: String, signer: String, isAllowed: Bool) {
        var message: String?
        do throws(APIStatus) {
            try Self.check().checkUpdate(
                Self.request(signer, certificate: "eA=="), old: Self.request(signer), subresource: subresource,
                user: User(name: user))
        } catch {
            message = error.message
        }
        let word = subresource == "approval" ? "approve" : "sign"
        let refusal =
            #"certificatesigningrequests.certificates.k8s.io "r" is forbidden: "#
            + #"user not permitted to \#(word) requests with signerName "\#(signer)""#
        #expect(message == (isAllowed ? nil : refusal))
    }

    @Test("what is no certificate is nobody's business")
    func others() throws {
        let old = Self.request("x/y")
        try Self.check().checkUpdate(old, old: old, subresource: "status", user: User(name: "bob"))
        try Self.check().checkUpdate(old, old: old, subresource: "", user: User(name: "bob"))
    }

    @Test("a request is one, and not for those who may do everything")
    func creation() throws {
        func pem(_ organization: String) throws -> String {
            try CertificateRequest.create(
                subject: DistinguishedName(commonName: "x", organizations: [organization]), key: .generate(.p256)
            ).pem()
        }
        let client = "kubernetes.io/kube-apiserver-client"
        try Self.check().checkCreation(Self.request(client, request: try pem("ops")))
        try Self.check().checkCreation(Self.request("example.com/x", request: try pem("system:masters")))
        let masters = try pem("system:masters")
        let forbidden = #expect(throws: APIStatus.self) {
            try Self.check().checkCreation(Self.request(client, request: masters))
        }
        #expect(forbidden?.code == 403)
        for text in ["", "nothing", masters.replacing("MI", with: "MA")] {
            let invalid = #expect(throws: APIStatus.self) {
                try Self.check().checkCreation(Self.request(client, request: text))
            }
            #expect(invalid?.details?.causes.map(\.field) == ["spec.request"])
        }
    }
}
