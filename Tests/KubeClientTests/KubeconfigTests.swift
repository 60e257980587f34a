import HTTP
import KubeClient
import Linux
import TestSupport
import Testing

@Suite("A kubeconfig")
struct KubeconfigTests {
    private func load(_ text: String, _ name: String = "config", in directory: borrowing TemporaryDirectory) throws
        -> Kubeconfig
    {
        try write(directory.file(name), text)
        return try Kubeconfig(file: directory.file(name))
    }

    private func problems(_ body: () throws -> some Any) -> [String] {
        do {
            _ = try body()
            return []
        } catch let error as KubeconfigError {
            return error.problems
        } catch {
            return ["\(error)"]
        }
    }

    private static let full = """
        apiVersion: v1
        kind: Config
        current-context: home
        preferences: {}
        clusters:
        - name: home
          cluster:
            server: https://10.0.0.1:6443/
            certificate-authority-data: Q0E=
            tls-server-name: kubernetes
            proxy-url: socks5://127.0.0.1:1080
        - name: away
          cluster: {server: "http://10.0.0.2:8080", insecure-skip-tls-verify: true}
        users:
        - name: certificate
          user: {client-certificate-data: Q0VSVA==, client-key: key.pem, as: somebody, as-groups: [a, b]}
        - name: token
          user: {token: abc}
        - name: file
          user: {tokenFile: token}
        - name: plugin
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: bin/plugin
              args: [-a, "1"]
              env: [{name: A, value: b}]
              interactiveMode: IfAvailable
              provideClusterInfo: true
        contexts:
        - name: home
          context: {cluster: home, user: certificate, namespace: kube-system}
        - name: away
          context: {cluster: away, user: token}
        - name: file
          context: {cluster: away, user: file}
        - name: plugin
          context: {cluster: away, user: plugin}
        - name: anonymous
          context: {cluster: away}
        """

    @Test("gives the current context, with data inline, files beside it, and the rest as said")
    func current() throws {
        let directory = try TemporaryDirectory()
        try write(directory.file("key.pem"), "KEY")
        let access = try load(Self.full, in: directory).access()
        #expect(access.server == "https://10.0.0.1:6443")
        #expect(access.namespace == "kube-system")
        #expect(access.route.authority == .text(Array("CA".utf8)))
        #expect(access.route.serverName == "kubernetes" && access.route.verifiesServer)
        #expect(access.route.proxy == "socks5h://127.0.0.1:1080")
        var credential = Credential()
        credential.certificate = .text(Array("CERT".utf8))
        credential.key = .file(directory.file("key.pem"))
        #expect(access.credentials == .fixed(credential))
        #expect(
            access.impersonation
                == ["Impersonate-User: somebody", "Impersonate-Group: a", "Impersonate-Group: b"])
    }

    @Test("gives any other context by its name")
    func contexts() throws {
        let directory = try TemporaryDirectory()
        let config = try load(Self.full, in: directory)
        let away = try config.access(context: "away")
        #expect(away.server == "http://10.0.0.2:8080" && away.namespace == "default" && !away.route.verifiesServer)
        #expect(away.credentials == .fixed(Credential(token: "abc")))
        #expect(try config.access(context: "anonymous").credentials == .fixed(Credential()))
        #expect(
            try config.access(context: "file").credentials == .tokenFile(directory.file("token"), Credential()))
        var plugin = ExecPlugin(command: directory.file("bin/plugin"))
        (plugin.arguments, plugin.environment, plugin.providesClusterInfo) = (["-a", "1"], ["A=b"], true)
        #expect(try config.access(context: "plugin").credentials == .exec(plugin, Credential()))
        #expect(try config.access(context: "away", server: "https://other:1/").server == "https://other:1")
        #expect(problems { try config.access(context: "nowhere") } == ["there is no context \"nowhere\""])
    }

    @Test("with mistakes tells all of them that its context has, each with the file and the entry")
    func mistakes() throws {
        let directory = try TemporaryDirectory()
        let config = try load(
            """
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters:
            - name: k
              cluster: {server: "10.0.0.1", certificate-authority: gone.pem, proxy-url: "ftp://x"}
            - {name: other, cluster: {server: 5}}
            users:
            - name: u
              user: {client-certificate-data: "!", auth-provider: {}, exec: {apiVersion: v7, command: x}}
            """, in: directory)
        let file = directory.file("config")
        #expect(
            Set(problems { try config.access() }) == [
                "\(file): cluster \"k\": server \"10.0.0.1\" must begin with https:// or http://",
                "\(file): cluster \"k\": certificate-authority: \(directory.file("gone.pem")) is not there",
                "\(file): cluster \"k\": proxy-url \"ftp://x\" must begin with http://, https:// or socks5://",
                "\(file): user \"u\": client-certificate-data is no base64",
                "\(file): user \"u\": auth-provider is no longer a part of Kubernetes; use an exec plugin",
                "\(file): user \"u\": exec.apiVersion \"v7\" is none of client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1",
            ])
    }

    @Test(
        "that is none is refused",
        arguments: [
            ("[]", "an array where a kubeconfig should be"), ("kind: Pod", "kind is Pod"), ("a: [", "line"),
            ("users: 5", "users is a number"), ("users: [{user: {}}]", "users[0] has no name"),
            ("apiVersion: v2", "apiVersion is v2"),
        ])
    func noKubeconfig(_ text: String, _ word: String) throws {
        let directory = try TemporaryDirectory()
        try write(directory.file("config"), text)
        let told = problems { try Kubeconfig(file: directory.file("config")) }
        #expect(told.count == 1 && told[0].contains(word), "\(told)")
    }

    @Test("of a list is merged, the first file that says something counting; paths are each file's own")
    func merged() throws {
        let first = try TemporaryDirectory()
        let second = try TemporaryDirectory()
        try write(
            first.file("a"),
            "{current-context: c, clusters: [{name: k, cluster: {server: 'https://first'}}], contexts: [{name: c, context: {cluster: k, user: u}}]}"
        )
        try write(
            second.file("b"),
            "{current-context: d, clusters: [{name: k, cluster: {server: 'https://second'}}], users: [{name: u, user: {tokenFile: t}}]}"
        )
        let list = "\(first.file("a")):\(first.file("missing")):\(second.file("b"))"
        let access = try Kubeconfig.load(environment: ["KUBECONFIG": list]).access()
        #expect(access.server == "https://first")
        #expect(access.credentials == .tokenFile(second.file("t"), Credential()))
        #expect(problems { try Kubeconfig.load(first.file("missing"), environment: [:]) }.count == 1)
        #expect(
            problems { try Kubeconfig.load(environment: ["HOME": first.path]).access() }.first?.contains(
                "no current-context") == true)
    }

    @Test("is not needed in a pod")
    func inCluster() throws {
        let directory = try TemporaryDirectory()
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        #expect(
            problems { try ClusterAccess.from(kubeconfig: nil, environment: [:]) }.first?.contains("no pod") == true)
        #expect(
            problems { try ClusterAccess.inCluster(environment, directory: directory.path) }.first?
                .contains("is not there") == true)
        for (name, text) in [("token", "t\n"), ("ca.crt", "CA"), ("namespace", "kube-system\n")] {
            try write(directory.file(name), text)
        }
        let access = try ClusterAccess.from(
            kubeconfig: nil, environment: environment, serviceAccountDirectory: directory.path)
        #expect(access.server == "https://[fd00::1]:443")
        #expect(access.route.authority == .file(directory.file("ca.crt")))
        #expect(access.credentials == .tokenFile(directory.file("token"), Credential()))
        #expect(access.namespace == "kube-system")
        #expect(
            try ClusterAccess.from(kubeconfig: nil, server: "http://127.0.0.1:1", environment: [:]).server
                == "http://127.0.0.1:1")
    }
}
