import Crypto
import Foundation
import JSON
import Linux
import TestSupport
import Testing

/// How people and kubelets come by certificates, and what the tokens of old are good for, on a real server.
@Suite("Credentials that the server gives out", .requiresProgram("kubectl"), .requiresProgram("curl"), .serialized)
struct CredentialTests {
    private func request(
        _ server: LiveServer, _ name: String, subject: DistinguishedName, signer: String, usages: [String]
    ) throws -> PrivateKey {
        let key = try PrivateKey.generate(.p256)
        let pem = try CertificateRequest.create(subject: subject, key: key).pem()
        let manifest: JSONValue = [
            "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest",
            "metadata": ["name": .string(name)],
            "spec": [
                "request": .base64(pem.utf8), "signerName": .string("kubernetes.io/\(signer)"),
                "usages": .array(usages.map { .string($0) }),
            ],
        ]
        let made = try server.kubectl("create", "-f", "-", input: manifest.serialized())
        #expect(made == "certificatesigningrequest.certificates.k8s.io/\(name) created\n")
        return key
    }

    private func field(_ server: LiveServer, _ name: String, _ path: String) throws -> String {
        try server.kubectl("get", "csr", name, "-o", "jsonpath=\(path)")
    }

    /// As whom the server takes somebody with this certificate.
    private func whoami(_ server: LiveServer, _ certificate: String, _ key: PrivateKey) throws -> String {
        let (certificateFile, keyFile) = ("\(server.directory)/user.crt", "\(server.directory)/user.key")
        try Files.store(certificateFile, Array(certificate.utf8))
        try Files.store(keyFile, Array(key.pem().utf8))
        let review = #"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#
        let answer = try server.run(
            "curl",
            [
                "-s", "--cacert", "\(server.directory)/pki/ca.crt", "--cert", certificateFile, "--key", keyFile, "-d",
                review, "-H", "content-type: application/json",
                "\(server.url)/apis/authentication.k8s.io/v1/selfsubjectreviews",
            ])
        return answer.out
    }

    @Test("an administrator approves a request, and its maker is somebody from then on")
    func approval() throws {
        let server = try LiveServer()
        let subject = DistinguishedName(commonName: "jane", organizations: ["team"])
        let key = try request(
            server, "jane", subject: subject, signer: "kube-apiserver-client", usages: ["client auth"])
        #expect(try server.kubectl("get", "csr").contains("Pending"))
        #expect(try field(server, "jane", "{.status.certificate}").isEmpty)
        #expect(
            try server.kubectl("certificate", "approve", "jane")
                == "certificatesigningrequest.certificates.k8s.io/jane approved\n")
        try eventually("the certificate is issued") { try !field(server, "jane", "{.status.certificate}").isEmpty }
        #expect(try server.kubectl("get", "csr").contains("Approved,Issued"))
        let pem = try #require(Base64.decode(field(server, "jane", "{.status.certificate}")))
        let answer = try whoami(server, String(decoding: pem, as: UTF8.self), key)
        #expect(answer.contains(#""username":"jane""#) && answer.contains(#""groups":["team","system:authenticated"]"#))

        _ = try request(
            server, "john", subject: .init(commonName: "john"), signer: "kube-apiserver-client", usages: ["client auth"]
        )
        #expect(try server.kubectl("certificate", "deny", "john").contains("denied"))
        #expect(try server.kubectl("get", "csr", "john").contains("Denied"))
        #expect(try field(server, "john", "{.status.certificate}").isEmpty)
    }

    @Test("a kubelet that joins with a bootstrap token gets its certificate without anybody looking")
    func kubelet() throws {
        let server = try LiveServer()
        let subject = DistinguishedName(commonName: "system:node:n1", organizations: ["system:nodes"])
        // Not yet allowed: it stays undecided, and what is wrong in itself fails when it is approved.
        let usages = ["digital signature", "client auth"]
        _ = try request(
            server, "wrong", subject: .init(commonName: "system:node:n1"), signer: "kube-apiserver-client-kubelet",
            usages: usages)
        _ = try server.kubectl("certificate", "approve", "wrong")
        try eventually("the request has failed") { try server.kubectl("get", "csr", "wrong").contains("Failed") }
        #expect(
            try field(server, "wrong", "{.status.conditions[?(@.type=='Failed')].message}")
                == "subject organization is not system:nodes")

        let secret = """
            apiVersion: v1
            kind: Secret
            metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
            type: bootstrap.kubernetes.io/token
            stringData: {token-id: abcdef, token-secret: 0123456789abcdef, usage-bootstrap-authentication: "true"}
            """
        _ = try server.kubectl("create", "-f", "-", input: secret)
        for role in ["node-bootstrapper", "certificates.k8s.io:certificatesigningrequests:nodeclient"] {
            _ = try server.kubectl(
                "create", "clusterrolebinding", role.replacingOccurrences(of: ":", with: "-"),
                "--clusterrole=system:\(role)", "--group=system:bootstrappers")
        }
        let key = try PrivateKey.generate(.p256)
        let pem = try CertificateRequest.create(subject: subject, key: key).pem()
        let body: JSONValue = [
            "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest",
            "metadata": ["generateName": "csr-"],
            "spec": [
                "request": .base64(pem.utf8), "signerName": "kubernetes.io/kube-apiserver-client-kubelet",
                "usages": .array(usages.map { .string($0) }), "expirationSeconds": 3600,
            ],
        ]
        let made = try server.run(
            "curl",
            [
                "-s", "--cacert", "\(server.directory)/pki/ca.crt", "-H",
                "authorization: Bearer abcdef.0123456789abcdef", "-H", "content-type: application/json", "-d",
                body.serialized(), "\(server.url)/apis/certificates.k8s.io/v1/certificatesigningrequests",
            ])
        let name = try #require(try JSONValue.parse(made.out).member(at: "metadata", "name")?.string)
        try eventually("the certificate is issued") { try !field(server, name, "{.status.certificate}").isEmpty }
        #expect(try field(server, name, "{.status.conditions[0].reason}") == "AutoApproved")
        let bytes = try #require(Base64.decode(field(server, name, "{.status.certificate}")))
        let answer = try whoami(server, String(decoding: bytes, as: UTF8.self), key)
        #expect(answer.contains(#""username":"system:node:n1""#) && answer.contains("system:nodes"))
    }

    @Test("a Secret of an account's gets a token, which is good until either of them goes")
    func legacyTokens() throws {
        let server = try LiveServer()
        let secret = { (name: String, account: String) in
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: \(name), annotations: {kubernetes.io/service-account.name: \(account)}}
            type: kubernetes.io/service-account-token
            """
        }
        _ = try server.kubectl("create", "sa", "robot")
        _ = try server.kubectl("create", "-f", "-", input: secret("robot", "robot"))
        let data = { (key: String) -> String in
            let text = try server.kubectl("get", "secret", "robot", "-o", "jsonpath={.data.\(key)}")
            return String(decoding: Base64.decode(text) ?? [], as: UTF8.self)
        }
        try eventually("the Secret is filled in") { try !data("token").isEmpty }
        #expect(try data("namespace") == "default")
        #expect(try data("ca\\.crt") == Files.readText("\(server.directory)/pki/ca.crt"))
        let token = try data("token")
        let whoami = {
            try server.run(
                "kubectl",
                [
                    "auth", "whoami", "--server", server.url, "--certificate-authority",
                    "\(server.directory)/pki/ca.crt", "--kubeconfig", "/dev/null", "--token", token,
                ])
        }
        #expect(try whoami().out.contains("system:serviceaccount:default:robot"))
        // Of an account that is not there, and then of one that goes.
        _ = try server.kubectl("create", "-f", "-", input: secret("stray", "nobody"))
        try eventually("the stray Secret is gone") { try server.kubectl("get", "secret", "stray").contains("NotFound") }
        _ = try server.kubectl("delete", "sa", "robot")
        try eventually("the Secret is gone") { try server.kubectl("get", "secret", "robot").contains("NotFound") }
        #expect(try whoami().code != 0)
    }
}
