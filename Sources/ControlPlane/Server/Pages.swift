internal import Daemon
internal import JSON
internal import KubeAPI

/// What the server says about itself: health, version, figures.
package final class Pages {
    /// A thing that must be well; nil, or what is wrong.
    package struct Check {
        package var name: String
        package var problem: () -> String?

        package init(_ name: String, _ problem: @escaping () -> String?) {
            self.name = name
            self.problem = problem
        }
    }

    /// What must be well for the process to go on as it is.
    package var liveness: [Check] = []
    /// What must be well, besides, for it to serve.
    package var readiness: [Check] = []
    package var metrics: (() -> String)?
    /// Other documents by path: content type and bytes.
    package var documents: [String: () -> (contentType: String, bytes: [UInt8])?] = [:]

    package init() {}

    func answer(_ call: APICall) -> Bool {
        let path = call.info.path
        switch path {
        case "/healthz", "/livez": health(call, liveness + readiness.filter { $0.name != "shutdown" }, path)
        case "/readyz": health(call, liveness + readiness, path)
        case "/version", "/version/": call.answer(200, contentType: "application/json", Self.version)
        case "/metrics":
            guard let metrics else { return false }
            call.answer(200, contentType: "text/plain; version=0.0.4; charset=utf-8", Array(metrics().utf8))
        case "/": index(call)
        default:
            if let document = documents[path]?() {
                call.answer(200, contentType: document.contentType, document.bytes)
                return true
            }
            return single(call, path)
        }
        return true
    }

    /// `/readyz/etcd`: one check alone.
    private func single(_ call: APICall, _ path: String) -> Bool {
        for prefix in ["/healthz/", "/livez/", "/readyz/"] where path.hasPrefix(prefix) {
            let name = path.dropFirst(prefix.count)
            guard let check = (liveness + readiness).first(where: { $0.name == name }) else { return false }
            let problem = check.problem()
            call.text(problem.map { "internal server error: \($0)\n" } ?? "ok", code: problem == nil ? 200 : 500)
            return true
        }
        return false
    }

    private func health(_ call: APICall, _ checks: [Check], _ path: String) {
        let excluded = Set(call.query.all("exclude"))
        var lines = ""
        var isWell = true
        for check in checks {
            if excluded.contains(check.name) {
                lines += "[+]\(check.name) excluded: ok\n"
            } else if check.problem() == nil {
                lines += "[+]\(check.name) ok\n"
            } else {
                isWell = false
                lines += "[-]\(check.name) failed: reason withheld\n"
            }
        }
        let word = String(path.dropFirst())
        if !isWell { return call.text(lines + "\(word) check failed\n", code: 500) }
        call.text(call.query.flag("verbose") ? lines + "\(word) check passed\n" : "ok")
    }

    private func index(_ call: APICall) {
        let paths = [
            "/api", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version",
        ]
        let (bytes, contentType) = Renderer.document(["paths": .texts(paths)], as: .json)
        call.answer(200, contentType: contentType, bytes)
    }

    static let gitVersion = "v1.36.0+poplin"

    /// The version of the API that is spoken; clients compare it with their own.
    static let version = Array(
        JSONValue.object(
            JSONObject([
                ("major", "1"), ("minor", "36"), ("gitVersion", .string(gitVersion)), ("gitCommit", ""),
                ("gitTreeState", "clean"), ("buildDate", "1970-01-01T00:00:00Z"), ("goVersion", ""),
                ("compiler", "swift"), ("platform", "linux/amd64"),
            ])
        ).serialized().utf8)
}
