import Daemon
import Glibc
import HTTP
import JSON
import KubeClient
import Linux
import Synchronization
import TestSupport
import Testing

@Suite("The API client")
struct APIClientTests {
    private static let thing = APIRequest.get(ResourcePath("things", namespace: "de fault"), "a/b")

    private func failure(_ result: Result<String, APIFailure>) -> APIFailure? {
        if case .failure(let failure) = result { failure } else { nil }
    }

    @Test("asks by path and query, each part encoded, and says who it is and what it sends")
    func request() throws {
        let server = try ScriptedServer { request, _, connection in connection.answer(200, request.body) }
        let runner = try LoopRunner()
        var access = server.access
        access.credentials = .fixed(Credential(token: "secret"))
        access.impersonation = ["Impersonate-User: me"]
        let client = try APIClient(access, runner.loop)
        _ = try runner.send(client, Self.thing)
        let patch = APIRequest.patch(.nodes, "n", subresource: "status", .strategicMerge, ["a": 1])
        #expect(try runner.send(client, patch) == .success(#"{"a":1}"#))
        var query = APIRequest("GET", ResourcePath.services.path())
        query.query = [.init("labelSelector", "a=b,c!=d")]
        _ = try runner.send(client, query)
        #expect(
            server.targets == [
                "GET /api/v1/namespaces/de%20fault/things/a%2Fb", "PATCH /api/v1/nodes/n/status",
                "GET /api/v1/services?labelSelector=a%3Db%2Cc%21%3Dd",
            ])
        let headers = server.requests[1].headers
        #expect(headers["authorization"] == "Bearer secret" && headers["impersonate-user"] == "me")
        #expect(headers["content-type"] == "application/strategic-merge-patch+json")
        #expect(server.requests[0].headers["content-type"] == nil && server.requests[0].method == "GET")
    }

    @Test("gives a refusal as the Status says it")
    func status() throws {
        let server = try ScriptedServer { _, _, connection in
            connection.answer(
                409,
                Samples.status(
                    409, "Conflict", "has been modified",
                    details: #"{"retryAfterSeconds":2,"causes":[{"reason":"A","message":"m"}]}"#))
        }
        let runner = try LoopRunner()
        let failure = failure(try runner.send(APIClient(server.access, runner.loop), Self.thing))
        #expect(server.requests.count == 1)
        #expect(failure?.isConflict == true && failure?.reason == "Conflict" && failure?.causes == ["A"])
        #expect(failure?.retryAfter == .seconds(2) && failure?.kind == .refused)
        #expect(failure?.description == "GET /api/v1/namespaces/de%20fault/things/a%2Fb: has been modified")
    }

    @Test("gives what a proxy says, too, and connections that break")
    func others() throws {
        let server = try ScriptedServer { request, _, connection in
            switch request.path {
            case "/proxy": connection.answer(502, "<html>bad</html>", headers: ["Content-Type: text/html"])
            case "/text": connection.answer(404, "404 page not found", headers: ["Content-Type: text/plain"])
            case "/cut": connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
            case "/large": connection.answer(200, String(repeating: "x", count: 5000))
            default: connection.waitForEnd()
            }
        }
        let runner = try LoopRunner()
        let client = try APIClient(server.access, runner.loop)
        func ask(_ path: String, _ method: String = "GET", within time: Duration = .seconds(20)) throws -> APIFailure? {
            var request = APIRequest(method, path)
            (request.timeout, request.limit) = (time, 1000)
            return failure(try runner.send(client, request))
        }
        #expect(try ask("/proxy")?.message == "HTTP status 502")
        #expect(try ask("/proxy")?.mayHaveBeenDone == false)
        #expect(try ask("/proxy", "POST")?.mayHaveBeenDone == true)
        #expect(try ask("/text")?.message == "HTTP status 404: 404 page not found")
        #expect(try ask("/text")?.isNotFound == true)
        #expect(try ask("/cut")?.kind == .transport(.broken))
        #expect(try ask("/cut", "PUT")?.mayHaveBeenDone == true)
        #expect(try ask("/large")?.kind == .transport(.tooLarge))
        #expect(try ask("/mute", within: .seconds(2))?.kind == .transport(.timedOut))
        let nobody = try APIClient(ClusterAccess(server: "http://127.0.0.1:1"), runner.loop)
        let unreachable = failure(try runner.send(nobody, Self.thing))
        #expect(unreachable?.kind == .transport(.unreachable) && unreachable?.mayHaveBeenDone == false)
    }

    @Test("waits as long as a busy server asks for, and asks again; not for ever, and not for other refusals")
    func busy() throws {
        let server = try ScriptedServer { request, number, connection in
            let status = request.path == "/other" ? 500 : number == 2 ? 200 : number == 0 ? 429 : 503
            connection.answer(status, "{}", headers: request.path == "/never" ? [] : ["Retry-After: 0"])
        }
        let runner = try LoopRunner()
        var options = APIClient.Options()
        options.busyRetries = 3
        let client = try APIClient(server.access, runner.loop, options: options)
        #expect(try runner.send(client, Self.thing) == .success("{}"))
        #expect(server.requests.count == 3)
        #expect(failure(try runner.send(client, Self.thing))?.code == 503)
        #expect(server.requests.count == 7)
        #expect(failure(try runner.send(client, APIRequest("GET", "/other")))?.code == 500)
        #expect(failure(try runner.send(client, APIRequest("GET", "/never")))?.code == 503)
        #expect(server.requests.count == 9)
    }

    @Test("keeps to its rate")
    func rate() throws {
        let server = try ScriptedServer { _, _, connection in connection.answer(200, "{}") }
        let runner = try LoopRunner()
        var options = APIClient.Options()
        (options.requestsPerSecond, options.burst) = (50, 3)
        let client = try APIClient(server.access, runner.loop, options: options)
        let start = ContinuousClock.now
        var answers = 0
        for _ in 0..<8 { client.send(Self.thing) { _ in answers += 1 } }
        try runner.run(until: "all are answered") { answers == 8 }
        // Three at once, five at 20 milliseconds each.
        #expect(ContinuousClock.now - start >= .milliseconds(95))
    }

    @Test("a cancelled request is not answered")
    func cancel() throws {
        let server = try ScriptedServer { _, _, connection in connection.answer(200, "{}") }
        let runner = try LoopRunner()
        let client = try APIClient(server.access, runner.loop)
        var answers: [Int] = []
        let first = client.send(Self.thing) { _ in answers.append(1) }
        client.send(Self.thing) { _ in answers.append(2) }
        first.cancel()
        try runner.run(until: "the other is answered") { !answers.isEmpty }
        #expect(answers == [2])
    }

    // MARK: Credentials

    @Test("reads a token file again when the server refuses the token")
    func tokenFile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("token")
        let server = try ScriptedServer { request, _, connection in
            let isGood = request.headers["authorization"] == "Bearer second"
            connection.answer(isGood ? 200 : 401, isGood ? "{}" : Samples.status(401, "Unauthorized"))
        }
        let runner = try LoopRunner()
        var access = server.access
        access.credentials = .tokenFile(path, Credential())
        let client = try APIClient(access, runner.loop)
        #expect(failure(try runner.send(client, Self.thing))?.kind == .credentials)
        try write(path, "first\n")
        #expect(failure(try runner.send(client, Self.thing))?.isUnauthorized == true)
        #expect(server.requests.count == 2)
        try write(path, "second\n")
        #expect(try runner.send(client, Self.thing) == .success("{}"))
        #expect(server.requests.count == 4)
        try Files.remove(path)
        #expect(try runner.send(client, Self.thing) == .success("{}"))
    }

    /// A plugin, as a shell script that counts its runs.
    private func plugin(_ directory: borrowing TemporaryDirectory, _ script: String) throws -> ExecPlugin {
        let path = directory.file("plugin")
        try write(path, "#!/bin/sh\necho run >> \(directory.file("runs"))\n\(script)\n")
        chmod(path, 0o755)
        return ExecPlugin(command: path)
    }

    private func exec(_ plugin: ExecPlugin, _ server: ScriptedServer) -> ClusterAccess {
        var access = server.access
        access.credentials = .exec(plugin, Credential())
        return access
    }

    private static func credential(_ status: String) -> String {
        #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":\#(status)}'"#
    }

    @Test("runs an exec plugin once for as long as its token holds, and again when the server refuses it")
    func execPlugin() throws {
        let directory = try TemporaryDirectory()
        let server = try ScriptedServer { request, number, connection in
            connection.answer(number == 3 ? 401 : 200, request.headers["authorization"] ?? "none")
        }
        let runner = try LoopRunner()
        var plugin = try plugin(
            directory,
            #"printf '%s' "$KUBERNETES_EXEC_INFO" > "\#(directory.file("question"))""# + "\n"
                + Self.credential(#"{"token":"'$1-$GREETING'","expirationTimestamp":"2099-01-01T00:00:00Z"}"#))
        plugin.arguments = ["word"]
        plugin.environment = ["GREETING=hello"]
        plugin.providesClusterInfo = true
        let client = try APIClient(exec(plugin, server), runner.loop)
        // Several at once wait for one run.
        var answers: [String] = []
        for _ in 0..<3 {
            client.send(Self.thing) {
                answers.append((try? $0.get()).map { String(decoding: $0.body, as: UTF8.self) } ?? "")
            }
        }
        try runner.run(until: "all are answered") { answers.count == 3 }
        #expect(answers == Array(repeating: "Bearer word-hello", count: 3))
        #expect(try Files.readText(directory.file("runs")) == "run\n")
        let question = try JSONValue.parse(try Files.readText(directory.file("question")))
        #expect(question["apiVersion"] == "client.authentication.k8s.io/v1" && question["kind"] == "ExecCredential")
        #expect(question["spec"]?["interactive"] == false)
        #expect(question["spec"]?["cluster"]?["server"] == .string(server.url))
        #expect(try runner.send(client, Self.thing) == .success("Bearer word-hello"))
        #expect(try Files.readText(directory.file("runs")) == "run\nrun\n")
    }

    @Test(
        "an exec plugin that fails is told of, in words",
        arguments: [
            ("exit 3", "has ended with status 3"), ("echo nonsense", "is no JSON"), ("echo '{}'", "no ExecCredential"),
            (#"echo '{"kind":"ExecCredential","apiVersion":"v2"}'"#, "speaks v2"),
            (credential("{}"), "neither a token nor a certificate"),
            (credential(#"{"clientCertificateData":"x"}"#), "without its key"),
            (credential(#"{"token":"a b"}"#), "characters"),
            (credential(#"{"token":"a","expirationTimestamp":"tomorrow"}"#), "no time"),
            ("yes | head -c 3000000", "more than a megabyte"),
        ])
    func execFailures(_ script: String, _ words: String) throws {
        let directory = try TemporaryDirectory()
        let server = try ScriptedServer { _, _, connection in connection.answer(200, "{}") }
        let runner = try LoopRunner()
        let client = try APIClient(exec(try plugin(directory, script), server), runner.loop)
        let failure = failure(try runner.send(client, Self.thing))
        #expect(
            failure?.kind == .credentials && failure?.message.contains(words) == true, "\(String(describing: failure))")
        #expect(server.requests.isEmpty)
    }

    @Test("an exec plugin that is not there names itself and what to do")
    func execMissing() throws {
        let server = try ScriptedServer { _, _, connection in connection.answer(200, "{}") }
        let runner = try LoopRunner()
        var plugin = ExecPlugin(command: "poplin-no-such-plugin")
        plugin.installHint = "install it"
        let client = try APIClient(exec(plugin, server), runner.loop)
        let message = failure(try runner.send(client, Self.thing))?.message
        #expect(message?.contains("poplin-no-such-plugin") == true && message?.contains("install it") == true)
    }
}
