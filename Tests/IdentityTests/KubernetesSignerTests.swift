import Crypto
import JSON
import NetTypes
import Testing

@testable import Identity

@Suite struct KubernetesSignerTests {
    private static let now = 1_800_000_000
    private static let client = ["digital signature", "client auth"]
    private static let serving = ["digital signature", "key encipherment", "server auth"]

    private static func request(
        _ name: String, _ groups: [String], names: SubjectNames = SubjectNames(), signer: KubernetesSigner,
        usages: [String], seconds: Int? = nil, user: String = "u"
    ) throws -> JSONValue {
        let key = try PrivateKey.generate(.p256)
        let subject = DistinguishedName(commonName: name, organizations: groups)
        let pem = try CertificateRequest.create(subject: subject, names: names, key: key).pem()
        var spec: JSONValue = [
            "request": .base64(pem.utf8), "signerName": .string(signer.rawValue),
            "usages": .array(usages.map { .string($0) }), "username": .string(user),
        ]
        if let seconds { spec.setMember("expirationSeconds", .number(JSONNumber(seconds))) }
        return ["spec": spec]
    }

    struct Case: Sendable {
        var signer: KubernetesSigner
        var name: String
        var groups: [String]
        var dns: [String] = []
        var usages: [String]
        var problem: String?
    }

    static let cases: [Case] = [
        Case(signer: .client, name: "jane", groups: ["team"], usages: client),
        Case(signer: .client, name: "jane", groups: [], usages: serving, problem: "usages did not match"),
        Case(signer: .kubeletClient, name: "system:node:n1", groups: ["system:nodes"], usages: client),
        Case(
            signer: .kubeletClient, name: "system:node:n1", groups: ["system:nodes", "system:masters"], usages: client,
            problem: "subject organization is not system:nodes"),
        Case(
            signer: .kubeletClient, name: "jane", groups: ["system:nodes"], usages: client,
            problem: "subject common name does not begin with system:node:"),
        Case(
            signer: .kubeletClient, name: "system:node:n1", groups: ["system:nodes"], dns: ["n1"], usages: client,
            problem: "DNS subjectAltNames are not allowed"),
        Case(
            signer: .kubeletClient, name: "system:node:n1", groups: ["system:nodes"], usages: serving,
            problem: "usages did not match"),
        Case(signer: .kubeletServing, name: "system:node:n1", groups: ["system:nodes"], dns: ["n1"], usages: serving),
        Case(
            signer: .kubeletServing, name: "system:node:n1", groups: ["system:nodes"], usages: serving,
            problem: "DNS or IP subjectAltName is required"),
        Case(signer: .legacyUnknown, name: "anything", groups: [], dns: ["x"], usages: ["code signing"]),
    ]

    @Test("a signer signs what is meant for it, and says why it does not", arguments: cases)
    func signers(_ item: Case) throws {
        let authority = try CertificateAuthority.create(
            commonName: "ca", notBefore: Self.now - 1000, notAfter: Self.now + 1000 * 86400)
        let request = try Self.request(
            item.name, item.groups, names: SubjectNames(dns: item.dns), signer: item.signer, usages: item.usages)
        switch try #require(try CertificateIssue.of(request, by: authority, now: Self.now)) {
        case .refused(let why): #expect(item.problem != nil && why.contains(item.problem ?? ""))
        case .certificate(let pem):
            #expect(item.problem == nil)
            let certificate = try Certificate(pem: pem)
            #expect(certificate.subject == DistinguishedName(commonName: item.name, organizations: item.groups))
            #expect(certificate.names.dns == item.dns)
            #expect(certificate.notBefore == Self.now - 300 && certificate.notAfter == Self.now - 300 + 365 * 86400)
            #expect(!certificate.isAuthority)
        }
    }

    @Test(
        "a certificate lasts as long as was asked for, ten minutes at least and a year at most",
        arguments: [
            (60, 600), (3600, 3600), (86400, 86400 - 300), (10 * 365 * 86400, 365 * 86400 - 300),
        ])
    func lifetime(asked: Int, granted: Int) throws {
        let authority = try CertificateAuthority.create(
            commonName: "ca", notBefore: Self.now - 1000, notAfter: Self.now + 1000 * 86400)
        let request = try Self.request("jane", [], signer: .client, usages: Self.client, seconds: asked)
        guard case .certificate(let pem)? = try CertificateIssue.of(request, by: authority, now: Self.now) else {
            Issue.record("not signed")
            return
        }
        #expect(try Certificate(pem: pem).notAfter == Self.now + granted)
    }

    @Test("a signer of somebody else's is left to them")
    func foreign() throws {
        let authority = try CertificateAuthority.create(commonName: "ca", notBefore: 0, notAfter: Self.now + 1000)
        #expect(try CertificateIssue.of(["spec": ["signerName": "example.org/s"]], by: authority, now: Self.now) == nil)
    }

    @Test(
        "a kubelet's own client certificate is approved when it may ask for it, nothing else",
        arguments: [
            ("system:node:n1", "selfnodeclient", true), ("system:node:n2", "selfnodeclient", false),
            ("bootstrap", "nodeclient", true), ("bootstrap", "selfnodeclient", false), ("system:node:n1", "", false),
        ])
    func approval(user: String, allowed: String, isApproved: Bool) throws {
        let approval = NodeApproval { request in
            request.subresource == allowed && request.user.name == user && request.verb == "create"
                ? .allow : .noOpinion("")
        }
        let request = try Self.request(
            "system:node:n1", ["system:nodes"], signer: .kubeletClient, usages: Self.client, user: user)
        #expect((approval.message(for: request) != nil) == isApproved)
        let serving = try Self.request(
            "system:node:n1", ["system:nodes"], names: SubjectNames(dns: ["n1"]), signer: .kubeletServing,
            usages: Self.serving, user: user)
        #expect(approval.message(for: serving) == nil)
    }
}
