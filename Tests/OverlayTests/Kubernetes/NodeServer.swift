import Glibc
import JSON
import KubeClient
import Linux
import Overlay
import Synchronization
import TestSupport

/// An API server that knows Nodes, and as much of the API as the overlay asks of it: get, list, watch with initial
/// events, and strategic merge patches of a node's status. It answers to one port, in whichever namespace it is made.
final class NodeServer: Sendable {
    private struct State {
        var revision = 100
        var nodes: [String: JSONValue] = [:]
        /// Every event there was, by its revision.
        var events: [(revision: Int, line: String)] = []
        var isAway = false
        /// Watches begun before this are cut.
        var life = 0
        var patches: [String] = []
    }

    private let state: Mutex<State>
    private let server: ScriptedServer

    init() throws {
        let shared = Shared()
        state = Mutex(State())
        server = try ScriptedServer { request, _, connection in
            guard let nodes = shared.nodes.withLock({ $0 }) else { return }
            nodes.answer(request, connection)
        }
        self.shared = shared
        shared.nodes.withLock { $0 = self }
    }

    /// The server's script cannot hold what holds the server.
    private final class Shared: Sendable {
        let nodes = Mutex<NodeServer?>(nil)
    }
    private let shared: Shared

    func end() { shared.nodes.withLock { $0 = nil } }

    var url: String { server.url }
    var patches: [String] { state.withLock { $0.patches } }
    var requests: [String] { server.targets }

    // MARK: What tests do to it

    func node(_ name: String) -> JSONValue? { state.withLock { $0.nodes[name] } }

    func annotations(_ name: String) -> [String: String] {
        let members = node(name)?["metadata"]?["annotations"]?.object?.members ?? []
        return Dictionary(members.compactMap { member in member.value.string.map { (member.key, $0) } }) { $1 }
    }

    func condition(_ name: String) -> JSONValue? {
        node(name)?["status"]?["conditions"]?.array?.first { $0["type"]?.string == "NetworkUnavailable" }
    }

    /// Makes or changes a node.
    func put(_ name: String, podCIDRs: [String], annotations: [String: String] = [:]) {
        state.withLock { state in
            let old = state.nodes[name]
            let kept = old?["status"] ?? .object(JSONObject())
            var spec = JSONObject()
            if let first = podCIDRs.first {
                spec["podCIDR"] = .string(first)
                spec["podCIDRs"] = .array(podCIDRs.map { .string($0) })
            }
            let texts = annotations.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
            Self.write(
                &state, old == nil ? "ADDED" : "MODIFIED", name,
                [
                    "metadata": ["name": .string(name), "annotations": .object(JSONObject(texts))],
                    "spec": .object(spec), "status": kept,
                ])
        }
    }

    func delete(_ name: String) {
        state.withLock { state in
            guard let node = state.nodes[name] else { return }
            Self.write(&state, "DELETED", name, node)
            state.nodes[name] = nil
        }
    }

    /// A node of `Samples` as a flanneld leaves it.
    func putFlannel(_ number: Int, mac: Int? = nil, address: Int? = nil) {
        put(
            "node-\(number)", podCIDRs: ["10.5.\(number).0/24"],
            annotations: Self.flannel(
                #"{"VNI":1,"VtepMAC":"\#(Samples.mac(mac ?? number))"}"#, "\(Samples.underlay(address ?? number))"))
    }

    static func flannel(_ data: String, _ address: String, prefix: String = "flannel.alpha.coreos.com/") -> [String:
        String]
    {
        [
            prefix + "kube-subnet-manager": "true", prefix + "backend-type": "vxlan", prefix + "backend-data": data,
            prefix + "public-ip": address,
        ]
    }

    /// Connections are closed without an answer, also those that stand.
    func goAway() {
        state.withLock {
            $0.isAway = true
            $0.life += 1
        }
    }
    func comeBack() { state.withLock { $0.isAway = false } }

    /// Watches end, and older revisions are gone.
    func compact() {
        state.withLock { state in
            state.life += 1
            state.revision += 1
            state.events = []
        }
    }

    // MARK: Answers

    private static func write(_ state: inout State, _ type: String, _ name: String, _ node: JSONValue) {
        state.revision += 1
        guard var object = node.object, var metadata = object["metadata"]?.object else { return }
        metadata["resourceVersion"] = .string("\(state.revision)")
        object["metadata"] = .object(metadata)
        let whole = JSONValue.object(object)
        state.nodes[name] = whole
        state.events.append((state.revision, #"{"type":"\#(type)","object":\#(whole.serialized())}"# + "\n"))
    }

    private func answer(_ request: ScriptedServer.Request, _ connection: borrowing ScriptedServer.Connection) {
        if state.withLock({ $0.isAway }) { return }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.starts(with: ["api", "v1"]) else { return connection.answer(404, "{}") }
        if parts.count == 6, parts[4] == "pods" {
            return connection.answer(200, #"{"kind":"Pod","spec":{"nodeName":"node-of-\#(parts[5])"}}"#)
        }
        guard parts.count >= 3, parts[2] == "nodes" else { return connection.answer(404, "{}") }
        if parts.count == 3 { return request.isWatch ? watch(request, connection) : list(connection) }
        if request.method == "PATCH" {
            guard request.headers["content-type"] == "application/strategic-merge-patch+json", parts.last == "status"
            else { return connection.answer(415, "{}") }
            patch(parts[3], request.body)
        }
        guard let node = node(parts[3]) else {
            return connection.answer(
                404,
                #"{"kind":"Status","code":404,"reason":"NotFound","message":"nodes \"\#(parts[3])\" not found"}"#)
        }
        connection.answer(200, node.serialized())
    }

    private func patch(_ name: String, _ body: String) {
        state.withLock { state in
            state.patches.append(body)
            guard var node = state.nodes[name]?.object, let patch = try? JSONValue.parse(body) else { return }
            var metadata = node["metadata"]?.object ?? JSONObject()
            var annotations = metadata["annotations"]?.object ?? JSONObject()
            for member in patch["metadata"]?["annotations"]?.object?.members ?? [] {
                annotations[member.key] = Optional(member.value).flatMap { $0.isNull ? .none : .some($0) }
            }
            metadata["annotations"] = .object(annotations)
            node["metadata"] = .object(metadata)
            var status = node["status"]?.object ?? JSONObject()
            var conditions = status["conditions"]?.array ?? []
            for condition in patch["status"]?["conditions"]?.array ?? [] {
                conditions.removeAll { $0["type"] == condition["type"] }
                conditions.append(condition)
            }
            status["conditions"] = .array(conditions)
            node["status"] = .object(status)
            Self.write(&state, "MODIFIED", name, .object(node))
        }
    }

    private func list(_ connection: borrowing ScriptedServer.Connection) {
        let (revision, nodes) = state.withLock { ($0.revision, $0.nodes.values.map { $0.serialized() }) }
        connection.answer(
            200,
            #"{"kind":"NodeList","metadata":{"resourceVersion":"\#(revision)"},"items":["#
                + nodes.joined(separator: ",") + "]}")
    }

    private func watch(_ request: ScriptedServer.Request, _ connection: borrowing ScriptedServer.Connection) {
        connection.open()
        var (revision, life) = state.withLock { ($0.revision, $0.life) }
        if request.query["sendInitialEvents"] == "true" {
            let nodes = state.withLock { state in
                (revision, life) = (state.revision, state.life)
                return Array(state.nodes.values)
            }
            for node in nodes { connection.send(#"{"type":"ADDED","object":\#(node.serialized())}"# + "\n") }
            connection.send(
                #"{"type":"BOOKMARK","object":{"kind":"Node","metadata":{"resourceVersion":"\#(revision)","annotations":{"k8s.io/initial-events-end":"true"}}}}"#
                    + "\n")
        } else {
            let from = Int(request.query["resourceVersion"] ?? "") ?? 0
            let isGone = state.withLock { state in from < (state.events.first?.revision ?? state.revision) - 1 }
            if isGone {
                connection.send(
                    #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
                        + "\n")
                return
            }
            revision = from
        }
        while !connection.hasEnded {
            let news = state.withLock { state in
                state.life == life ? state.events.filter { $0.revision > revision } : nil
            }
            guard let news else { return }
            for event in news {
                connection.send(event.line)
                revision = event.revision
            }
            usleep(1000)
        }
    }
}

extension KubernetesSettings {
    /// The default prefix, and a configuration in this file.
    static func sample(_ configPath: String, node: String = "node-1", prefix: String = AnnotationKeys.defaultPrefix)
        throws
        -> KubernetesSettings
    {
        struct BadPrefix: Error {}
        guard let keys = AnnotationKeys(prefix: prefix) else { throw BadPrefix() }
        return KubernetesSettings(keys: keys, configPath: configPath, environment: ["NODE_NAME": node])
    }
}
