import Crypto
import Foundation
import Identity
import JSON
import Linux
import NetTypes
import TestSupport
import Testing

@Suite("The cluster's keys and certificates")
struct ClusterSecretsTests {
    static let now = 1_790_000_000
    static let day = 86400

    static func settings(_ directory: String, names: [String] = ["api.example.com"]) -> ClusterSecrets.Settings {
        ClusterSecrets.Settings(
            directory: directory,
            names: SubjectNames(dns: names, addresses: [IPAddress("192.0.2.1")].compactMap(\.self)),
            serviceAddresses: [IPAddress("10.96.0.1"), IPAddress("fd00::1")].compactMap(\.self),
            serverURL: "https://127.0.0.1:6443")
    }

    static func run(_ program: String, _ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe.unshared
        process.standardOutput = pipe
        process.standardError = pipe
        try process.start()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test("the first start makes everything, the second nothing")
    func twice() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("pki")
        let first = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        #expect(
            first.written.map { String($0.dropFirst(path.utf8.count + 1)) } == [
                "ca.crt", "apiserver.crt", "sa.key", "admin.kubeconfig",
            ])
        let before = try Self.contents(path)
        let second = try ClusterSecrets.load(Self.settings(path), now: Self.now + Self.day)
        #expect(second.written.isEmpty)
        #expect(try Self.contents(path) == before)
        #expect(second.serverCertificate == first.serverCertificate)
        #expect(second.authority.certificate == first.authority.certificate)
        #expect(second.serverCertificate.matches(second.serverKey))
        #expect(first.renewalTime == first.serverCertificate.notAfter - 30 * Self.day)
    }

    private static func contents(_ path: String) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in try Files.list(path) { contents[name] = try Files.read("\(path)/\(name)") }
        return contents
    }

    @Test("keys are for nobody else's eyes")
    func modes() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("pki")
        _ = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        let listing = try Self.run(
            "/usr/bin/stat", "-c", "%a", path, "\(path)/ca.key", "\(path)/apiserver.key",
            "\(path)/sa.key", "\(path)/admin.key", "\(path)/admin.kubeconfig", "\(path)/ca.crt")
        #expect(listing.output == "700\n600\n600\n600\n600\n600\n644\n")
    }

    @Test("openssl verifies the server's certificate for all of its names")
    func server() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("pki")
        _ = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        for (option, value) in [
            ("-verify_hostname", "kubernetes.default.svc.cluster.local"), ("-verify_hostname", "localhost"),
            ("-verify_hostname", "api.example.com"), ("-verify_ip", "127.0.0.1"), ("-verify_ip", "10.96.0.1"),
            ("-verify_ip", "fd00::1"), ("-verify_ip", "192.0.2.1"), ("-verify_ip", "::1"),
        ] {
            let answer = try Self.run(
                "/usr/bin/openssl", "verify", "-x509_strict", "-attime", String(Self.now), "-purpose", "sslserver",
                "-CAfile", "\(path)/ca.crt", option, value, "\(path)/apiserver.crt")
            #expect(answer.status == 0, "\(value): \(answer.output)")
        }
    }

    @Test("a leaf near its end is renewed, the authority stays")
    func renewal() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("pki")
        let first = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        #expect(try ClusterSecrets.load(Self.settings(path), now: Self.now + 330 * Self.day).written.isEmpty)
        let later = try ClusterSecrets.load(Self.settings(path), now: Self.now + 340 * Self.day)
        #expect(later.written.map { $0.split(separator: "/").last } == ["apiserver.crt", "admin.kubeconfig"])
        #expect(later.authority.certificate == first.authority.certificate)
        #expect(later.serverCertificate.notAfter > first.serverCertificate.notAfter)
        #expect(throws: ClusterSecretsError.self) {
            try ClusterSecrets.load(Self.settings(path), now: Self.now + 4000 * Self.day)
        }
    }

    @Test("a new name, a lost key, or another authority's leaf makes a new certificate")
    func repair() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("pki")
        _ = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        func written(_ settings: ClusterSecrets.Settings) throws -> [Substring?] {
            try ClusterSecrets.load(settings, now: Self.now).written.map { $0.split(separator: "/").last }
        }
        #expect(try written(Self.settings(path, names: ["new.example.com"])) == ["apiserver.crt"])
        try Files.remove("\(path)/apiserver.key")
        #expect(try written(Self.settings(path, names: ["new.example.com"])) == ["apiserver.crt"])
        let other = directory.file("other")
        _ = try ClusterSecrets.load(Self.settings(other), now: Self.now)
        for name in ["ca.crt", "ca.key"] { try Files.replace("\(path)/\(name)", try Files.read("\(other)/\(name)")) }
        #expect(try written(Self.settings(path, names: ["new.example.com"])) == ["apiserver.crt", "admin.kubeconfig"])
        var moved = Self.settings(path, names: ["new.example.com"])
        moved.serverURL = "https://192.0.2.1:6443"
        #expect(try written(moved) == ["admin.kubeconfig"])
        #expect(try written(moved).isEmpty)
    }

    @Test(
        "a broken or unfitting file is reported by its name, and nothing is written over it",
        arguments: [
            ("ca.crt", "nothing"), ("ca.key", "nothing"), ("sa.key", "nothing"), ("ca.key", nil), ("sa.pub", "nothing"),
        ])
    func broken(name: String, text: String?) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("pki")
        _ = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        if let text {
            try Files.replace("\(path)/\(name)", text.utf8)
        } else {
            try Files.remove("\(path)/\(name)")
        }
        let before = try Self.contents(path)
        let error = #expect(throws: ClusterSecretsError.self) {
            try ClusterSecrets.load(Self.settings(path), now: Self.now)
        }
        #expect(error?.file == "\(path)/\(name)")
        #expect(try Self.contents(path) == before)
    }

    @Test("older token keys go on verifying")
    func tokenKeys() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("pki")
        let first = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        let old = try PublicKey.all(pem: try Files.readText("\(path)/sa.key"))
        try Files.replace("\(path)/sa.pub", old[0].pem().utf8)
        try Files.remove("\(path)/sa.key")
        let second = try ClusterSecrets.load(Self.settings(path), now: Self.now)
        let keys = try second.tokenKeys.webKeySet().member("keys")?.array ?? []
        let oldKeys = try first.tokenKeys.webKeySet().member("keys")?.array ?? []
        #expect(keys.count == 2 && keys[1] == oldKeys[0])
    }

    @Test("kubectl reads the kubeconfig, and its certificate is the admin's", .requiresProgram("kubectl"))
    func kubeconfig() throws {
        let directory = try TemporaryDirectory()
        var settings = Self.settings(directory.file("pki"))
        settings.kubeconfigPath = directory.file("config/admin")
        let secrets = try ClusterSecrets.load(settings, now: Self.now)
        let kubectl = try #require(Program.path(of: "kubectl"))
        let view = try Self.run(
            kubectl, "config", "view", "--raw", "-o", "json", "--kubeconfig", directory.file("config/admin"))
        #expect(view.status == 0, "\(view.output)")
        let config = try JSONValue.parse(view.output)
        #expect(config.member("current-context")?.string == "kubernetes-admin@poplin")
        let cluster = config.member("clusters")?.array?[0].member("cluster")
        #expect(cluster?.member("server")?.string == "https://127.0.0.1:6443")
        let user = config.member("users")?.array?[0].member("user")
        let pem = user?.member("client-certificate-data")?.base64Bytes ?? []
        let certificate = try Certificate(pem: String(decoding: pem, as: UTF8.self))
        #expect(
            certificate.subject
                == DistinguishedName(commonName: "kubernetes-admin", organizations: ["system:masters"]))
        let verifier = try CertificateVerifier(roots: [secrets.authority.certificate])
        try verifier.verify([certificate], for: .client, at: Self.now)
    }
}
