import Daemon
import Identity
import JSON
import KubeAPI
import Linux
import NetTypes
import Store
import Testing

@testable import ControlPlane

/// An API server without a network, on a loop of its own that runs in the test's thread until what the test waits for has
/// come about.
final class ClusterUnderTest {
    let loop: EventLoop
    let server: APIServer
    let store: any ObjectStore

    /// Waits for the objects that every cluster has.
    init(
        serviceRanges: [String] = ["10.96.0.0/24"], store: any ObjectStore = MemoryObjectStore(),
        isShared: Bool = false, loop: EventLoop? = nil, runsControllers: Bool = true,
        _ configure: (inout KindConfiguration) -> Void = { _ in }
    ) throws {
        self.loop = try loop ?? EventLoop()
        self.store = store
        var configuration = KindConfiguration(serviceRanges: serviceRanges.compactMap { CIDR($0) })
        configure(&configuration)
        #expect(configuration.problem == nil)
        var parts = APIServer.Parts()
        configuration.install(into: &parts)
        server = try APIServer(
            loop: self.loop, store: store, isShared: isShared, parts: parts, limits: .init(),
            log: Logger(level: .error))
        try server.start()
        try run { self.server.isLoaded }
        guard runsControllers else { return }
        server.startControllers()
        try run("bootstrap") {
            self.exists(.serviceAccounts, "default", "default") && self.exists(.services, "default", "kubernetes")
        }
    }

    /// Turns the loop until the condition holds; a test that waits for more than half a minute fails.
    func run(_ what: String = "condition", until isMet: @escaping () -> Bool) throws {
        let deadline = MonotonicTime.now + .seconds(30)
        var hasMet = isMet()
        guard !hasMet else { return }
        let timer = loop.every(.milliseconds(1)) { [loop] in
            hasMet = isMet()
            if hasMet || MonotonicTime.now > deadline { loop.stop() }
        }
        try loop.run()
        loop.cancel(timer)
        try #require(hasMet, "timed out waiting for \(what)")
    }

    // MARK: Objects

    func exists(_ storage: StoragePrefix, _ namespace: String, _ name: String) -> Bool {
        server.cache.object(storage, namespace: namespace, name: name) != nil
    }

    func object(_ storage: StoragePrefix, _ namespace: String, _ name: String) -> JSONValue? {
        server.object(storage, namespace: namespace, name: name)
    }

    func names(_ storage: StoragePrefix, _ namespace: String = "") -> [String] {
        server.objects(storage, namespace: namespace).map { $0.text("metadata", "name") }
    }

    func type(_ storage: StoragePrefix) throws -> ResourceType { try #require(server.type(of: storage)) }

    // MARK: Requests

    func perform(_ write: ClusterWrite) throws -> Result<JSONValue, APIStatus> {
        var answer: Result<JSONValue, APIStatus>?
        server.perform(write, as: .apiServer) { answer = $0 }
        try run("answer") { answer != nil }
        return try #require(answer)
    }

    @discardableResult
    func create(_ storage: StoragePrefix, _ object: JSONValue) throws -> JSONValue {
        try perform(.create(type(storage), object)).get()
    }

    /// The error that a creation ends with.
    func refusal(_ storage: StoragePrefix, _ object: JSONValue) throws -> APIStatus? {
        if case .failure(let status) = try perform(.create(type(storage), object)) { return status }
        return nil
    }

    @discardableResult
    func modify(
        _ storage: StoragePrefix, _ namespace: String, _ name: String, part: String = "",
        _ change: @escaping (inout JSONValue) -> Void
    ) throws -> JSONValue {
        let body = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            change(&object)
            return true
        }
        return try perform(.modify(type(storage), subresource: part, namespace: namespace, name: name, body)).get()
    }

    @discardableResult
    func delete(_ storage: StoragePrefix, _ namespace: String, _ name: String, _ options: DeleteOptions = .init())
        throws
        -> JSONValue
    {
        try perform(.delete(type(storage), namespace: namespace, name: name, options)).get()
    }

    /// POSTs to a subresource.
    func act(_ storage: StoragePrefix, _ action: String, _ namespace: String, _ name: String, _ body: JSONValue) throws
        -> Result<ActionCall.Answer, APIStatus>
    {
        let type = try type(storage)
        var answer: Result<ActionCall.Answer, APIStatus>?
        let call = ActionCall(
            user: .apiServer, type: type, subresource: action, namespace: namespace, name: name, body: body,
            isDryRun: false, cluster: server
        ) { answer = $0 }
        try #require(server.strategies.strategy(of: type).action(action)).run(call)
        try run("answer") { answer != nil }
        return try #require(answer)
    }
}

/// Objects with nothing but what a test is about.
enum Sample {
    static func service(_ name: String, _ spec: JSONValue = [:], namespace: String = "default") -> JSONValue {
        var spec = spec
        if spec.at("selector") == nil { spec.set(["app": "web"], at: "selector") }
        if spec.at("ports") == nil { spec.set([["port": 80, "protocol": "TCP"]], at: "ports") }
        return ["metadata": metadata(name, namespace), "spec": spec]
    }

    static func pod(_ name: String, _ spec: JSONValue = [:], namespace: String = "default") -> JSONValue {
        var spec = spec
        if spec.at("containers") == nil { spec.set([["name": "c", "image": "i"]], at: "containers") }
        return ["metadata": metadata(name, namespace), "spec": spec]
    }

    static func configMap(_ name: String, owners: [JSONValue] = [], namespace: String = "default") -> JSONValue {
        var object: JSONValue = ["metadata": metadata(name, namespace)]
        if !owners.isEmpty { object.set(.array(owners), at: "metadata", "ownerReferences") }
        return object
    }

    static func named(_ name: String, namespace: String = "") -> JSONValue { ["metadata": metadata(name, namespace)] }

    static func owner(_ object: JSONValue, blocks: Bool = false) -> JSONValue {
        [
            "apiVersion": object.at("apiVersion") ?? "v1", "kind": object.at("kind") ?? "",
            "name": object.at("metadata", "name") ?? "", "uid": object.at("metadata", "uid") ?? "",
            "blockOwnerDeletion": .bool(blocks),
        ]
    }

    private static func metadata(_ name: String, _ namespace: String) -> JSONValue {
        namespace.isEmpty ? ["name": .string(name)] : ["name": .string(name), "namespace": .string(namespace)]
    }
}
