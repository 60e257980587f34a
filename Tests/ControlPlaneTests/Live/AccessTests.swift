import Crypto
import Foundation
import JSON
import Linux
import TestSupport
import Testing

/// Who may do what, over the wire: credentials in, a code and upstream's sentence out.
@Suite("Access to a real server", .requiresProgram("curl"), .serialized)
struct AccessTests {
    enum Who: String, CaseIterable, Sendable {
        case admin, anonymous, stranger, foreign, viewer, editor, joiner, node, robot
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var who: Who
        var method: String
        var path: String
        var body: String?
        var code: Int
        /// The end of the Status' message.
        var message: String?

        init(
            _ who: Who, _ method: String, _ path: String, body: String? = nil, _ code: Int, _ message: String? = nil
        ) {
            self.who = who
            self.method = method
            self.path = path
            self.body = body
            self.code = code
            self.message = message
        }

        var testDescription: String { "\(who) \(method) \(path): \(code)" }
    }

    static let pods = "/api/v1/namespaces/default/pods"
    static let maps = "/api/v1/namespaces/default/configmaps"
    static let rbac = "/apis/rbac.authorization.k8s.io/v1"
    static let secret = "/api/v1/namespaces/default/secrets/needed"
    static let other = "/api/v1/namespaces/default/secrets/other"
    static let role = """
        {"metadata":{"name":"greedy"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["secrets"]}]}
        """

    static func token(_ reference: String) -> String { #"{"spec":{\#(reference)}}"# }

    static let cases: [Case] = [
        Case(.admin, "GET", "/api/v1/nodes", 200), Case(.admin, "GET", "/metrics", 200),
        // Nobody
        Case(.anonymous, "GET", "/version", 200), Case(.anonymous, "GET", "/livez", 200),
        Case(.anonymous, "GET", "/apis", 200),
        Case(.anonymous, "GET", "/metrics", 403, #"forbidden: User "system:anonymous" cannot get path "/metrics""#),
        Case(
            .anonymous, "GET", pods, 403,
            #"User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default""#),
        // Credentials that are not good are not nobody's.
        Case(.stranger, "GET", "/version", 401, "Unauthorized"), Case(.stranger, "GET", pods, 401, "Unauthorized"),
        Case(.foreign, "GET", "/version", 401, "Unauthorized"), Case(.foreign, "GET", "/api/v1/nodes", 401),
        // A viewer
        Case(.viewer, "GET", pods, 200), Case(.viewer, "GET", "\(pods)?watch=true&timeoutSeconds=1", 200),
        Case(
            .viewer, "GET", "/api/v1/namespaces/default/secrets", 403,
            #"User "viewer" cannot list resource "secrets" in API group "" in the namespace "default""#),
        Case(.viewer, "POST", maps, body: #"{"metadata":{"name":"x"}}"#, 403),
        Case(
            .viewer, "DELETE", "\(pods)/p", 403,
            #"cannot delete resource "pods" in API group "" in the namespace "default""#),
        Case(
            .viewer, "GET", "/api/v1/nodes", 403, #"cannot list resource "nodes" in API group "" at the cluster scope"#),
        Case(.viewer, "GET", "/openid/v1/jwks", 403),
        // An editor of one namespace
        Case(.editor, "POST", maps, body: #"{"metadata":{"name":"y"}}"#, 201),
        Case(.editor, "POST", "/api/v1/namespaces/kube-system/configmaps", body: #"{"metadata":{"name":"y"}}"#, 403),
        Case(
            .editor, "POST", "\(rbac)/namespaces/default/roles", body: role, 403,
            #"cannot create resource "roles" in API group "rbac.authorization.k8s.io" in the namespace "default""#),
        Case(.editor, "GET", "/api/v1/namespaces/default", 200), Case(.editor, "GET", "/api/v1/namespaces", 403),
        // A ServiceAccount
        Case(.robot, "GET", "/openid/v1/jwks", 200), Case(.robot, "GET", "/.well-known/openid-configuration", 200),
        Case(.robot, "GET", pods, 200),
        Case(
            .robot, "POST", "\(rbac)/namespaces/default/roles", body: role, 403,
            "is attempting to grant RBAC permissions not currently held:\n"
                + #"{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}"#),
        // A bootstrap token
        Case(.joiner, "GET", "/apis/certificates.k8s.io/v1/certificatesigningrequests", 403),
        Case(.joiner, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", body: "{}", 201),
        // A node
        Case(.node, "GET", secret, 200),
        Case(.node, "GET", other, 403, "no relationship found between node 'a' and this object"),
        Case(.node, "GET", "\(pods)?fieldSelector=spec.nodeName%3Da", 200),
        Case(.node, "GET", pods, 403, "can only list/watch pods with spec.nodeName field selector"),
        Case(.node, "POST", "/api/v1/nodes", body: #"{"metadata":{"name":"a"}}"#, 201),
        Case(
            .node, "POST", "/api/v1/nodes", body: #"{"metadata":{"name":"b"}}"#, 403,
            #"node "a" is not allowed to modify node "b""#),
        Case(
            .node, "DELETE", "\(pods)/elsewhere", 403,
            #"node "a" can only delete pods with spec.nodeName set to itself"#),
        Case(
            .node, "POST", "/api/v1/namespaces/default/serviceaccounts/default/token", body: token(""), 403,
            "node requested token not bound to a pod"),
    ]

    @Test("who may do what")
    func table() throws {
        let scene = try AccessScene()
        for scenario in Self.cases {
            let answer = try scene.request(scenario.who, scenario.method, scenario.path, body: scenario.body)
            #expect(answer.code == scenario.code, "\(scenario.testDescription): \(answer.body)")
            guard let message = scenario.message else { continue }
            let said = (try? JSONValue.parse(answer.body))?.member("message")?.string ?? answer.body
            #expect(said.hasSuffix(message), "\(scenario.testDescription): \(said)")
        }
        let log = try Files.readText("\(scene.server.directory)/audit.log").split(separator: "\n")
        let refused = try log.map { try JSONValue.parse(String($0)) }.filter {
            $0.member(at: "user", "username")?.string == "viewer" && $0.member(at: "responseStatus", "code")?.int == 403
        }
        #expect(refused.contains { $0.member(at: "objectRef", "resource")?.string == "secrets" })
        #expect(
            refused.allSatisfy { $0.member(at: "annotations", "authorization.k8s.io/decision")?.string == "forbid" })
    }
}

/// A server with somebody of each kind.
private final class AccessScene {
    let server: LiveServer
    private let files: TemporaryDirectoryBox
    private var credentials: [AccessTests.Who: [String]] = [:]

    init() throws {
        files = try TemporaryDirectoryBox()
        try Files.replace(files.file("tokens"), "viewer-token,viewer,1\neditor-token,editor,2,\"editors\"\n".utf8)
        server = try LiveServer(["--token-auth-file", files.file("tokens")])
        try prepare()
        let request = server.curl(
            "/api/v1/namespaces/default/serviceaccounts/robot/token", "-H", "Content-Type: application/json", "-d", "{}"
        )
        let robot = try JSONValue.parse(request).member(at: "status", "token")?.string ?? ""
        let pki = "\(server.directory)/pki"
        let authority = try CertificateAuthority(
            certificate: Certificate(pem: Files.readText("\(pki)/ca.crt")),
            key: PrivateKey(pem: Files.readText("\(pki)/ca.key")))
        let foreign = try CertificateAuthority.create(commonName: "kubernetes", notBefore: 0, notAfter: 1 << 33)
        credentials = [
            .admin: ["--cert", "\(pki)/admin.crt", "--key", "\(pki)/admin.key"],
            .anonymous: [], .stranger: Self.bearer("nobody's"), .viewer: Self.bearer("viewer-token"),
            .editor: Self.bearer("editor-token"), .joiner: Self.bearer("abcdef.0123456789abcdef"),
            .node: try Self.client(authority, "system:node:a", ["system:nodes"], files.file("node")),
            .foreign: try Self.client(foreign, "admin", ["system:masters"], files.file("foreign")),
            .robot: Self.bearer(robot),
        ]
    }

    private static func bearer(_ token: String) -> [String] { ["-H", "Authorization: Bearer \(token)"] }

    private static func client(_ authority: CertificateAuthority, _ name: String, _ groups: [String], _ path: String)
        throws -> [String]
    {
        let key = try PrivateKey.generate(.p256)
        let now = Int(Date().timeIntervalSince1970)
        let template = CertificateTemplate(
            subject: DistinguishedName(commonName: name, organizations: groups), usages: [.clientAuth],
            notBefore: now - 60, notAfter: now + 3600)
        try Files.replace("\(path).crt", try authority.issue(template, for: try key.publicKey()).pem().utf8)
        try Files.replace("\(path).key", try key.pem().utf8)
        return ["--cert", "\(path).crt", "--key", "\(path).key"]
    }

    private func prepare() throws {
        let secret = { (name: String) in
            #"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"\#(name)"},"data":{"a":"Yg=="}}"#
        }
        try create("/api/v1/namespaces/default/secrets", secret("needed"))
        try create("/api/v1/namespaces/default/secrets", secret("other"))
        let pod = { (name: String, node: String) in
            """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"\(name)"},"spec":{"nodeName":"\(node)","containers":[
            {"name":"c","image":"i","envFrom":[{"secretRef":{"name":"\(name == "p" ? "needed" : "x")"}}]}]}}
            """
        }
        try create(AccessTests.pods, pod("p", "a"))
        try create(AccessTests.pods, pod("elsewhere", "b"))
        try create("/api/v1/namespaces/default/serviceaccounts", #"{"metadata":{"name":"robot"}}"#)
        try create(
            "/api/v1/namespaces/kube-system/secrets",
            """
            {"metadata":{"name":"bootstrap-token-abcdef"},"type":"bootstrap.kubernetes.io/token","stringData":{
            "token-id":"abcdef","token-secret":"0123456789abcdef","usage-bootstrap-authentication":"true"}}
            """)
        try bind("viewers", "view", #"{"kind":"User","name":"viewer","apiGroup":"rbac.authorization.k8s.io"}"#)
        try bind("editors", "edit", #"{"kind":"Group","name":"editors","apiGroup":"rbac.authorization.k8s.io"}"#)
        // The robot may write roles, and holds what a viewer holds.
        let robot = #"{"kind":"ServiceAccount","name":"robot","namespace":"default"}"#
        try bind("robots", "view", robot)
        try create(
            "\(AccessTests.rbac)/clusterroles",
            """
            {"metadata":{"name":"role-writer"},"rules":[{"verbs":["create"],
            "apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"]}]}
            """)
        try bind("role-writers", "role-writer", robot)
    }

    private func bind(_ name: String, _ role: String, _ subject: String) throws {
        try create(
            "\(AccessTests.rbac)/namespaces/default/rolebindings",
            """
            {"metadata":{"name":"\(name)"},"subjects":[\(subject)],
            "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"\(role)"}}
            """)
    }

    private func create(_ path: String, _ body: String) throws {
        let answer = server.curl(path, "-X", "POST", "-H", "Content-Type: application/json", "-d", body)
        #expect(!answer.contains("\"Failure\""), "\(answer)")
    }

    /// The answer's code and body.
    func request(_ who: AccessTests.Who, _ method: String, _ path: String, body: String?) throws -> (
        code: Int, body: String
    ) {
        var words = ["-s", "--cacert", "\(server.directory)/pki/ca.crt", "-X", method, "-w", "\n%{http_code}"]
        words += credentials[who] ?? []
        if let body { words += ["-H", "Content-Type: application/json", "-d", body] }
        let text = try server.run("curl", words + ["\(server.url)\(path)"]).out
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        return (Int(text[end...].dropFirst()) ?? 0, String(text[..<end]))
    }
}

/// A temporary directory that a class can own.
private final class TemporaryDirectoryBox {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    func file(_ name: String) -> String { directory.file(name) }
}
