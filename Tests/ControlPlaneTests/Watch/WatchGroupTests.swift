import Daemon
import HTTP
import Identity
import JSON
import KubeAPI
import Store
import Testing

@testable import ControlPlane

@Suite("Watches that see the same")
struct WatchGroupTests {
    /// A client that takes what it is sent only when it wants to.
    private final class Client: AnswerSink {
        var bufferedBytes: Int { isSlow ? pieces.reduce(0) { $0 + $1.count } : 0 }
        var isSlow = false
        var isOver = false
        var onClose: (() -> Void)?
        var pieces: [[UInt8]] = []

        func respond(_ status: Int, headers: HTTPHeaders, pieces: [[UInt8]]) { self.pieces = [Array(pieces.joined())] }
        func begin(_ status: Int, headers: HTTPHeaders, length: Int?) {}
        func send(_ bytes: [UInt8]) { pieces.append(bytes) }
        func send(pieces: [[UInt8]]) { self.pieces.append(Array(pieces.joined())) }
        func end() { isOver = true }
        func abort() { isOver = true }

        var events: [String] {
            pieces.compactMap { bytes in
                guard let event = try? JSONValue.parse(bytes.dropLast()) else { return nil }
                let object = event.at("object") ?? .null
                let name = object.at("kind")?.string == "Table" ? "table" : object.text("metadata", "name")
                return "\(event.text("type")) \(name)"
            }
        }
    }

    private func watch(
        _ cluster: ClusterUnderTest, _ query: String = "", accept: String = "application/json"
    ) -> Client {
        let client = Client()
        let query = Query("watch=1&resourceVersion=\(cluster.server.cache.revision)\(query)")
        let path = "/api/v1/namespaces/default/configmaps"
        cluster.server.route(
            APICall(
                info: RequestInfo(method: "GET", path: path, query: query), method: "GET", query: query,
                headers: ["accept": accept], body: [], sink: client, user: .apiServer, sourceAddress: "", auditID: ""))
        return client
    }

    private func create(_ cluster: ClusterUnderTest, _ name: String, app: String, bytes: Int = 0) throws {
        var object = Sample.configMap(name)
        object.set(["app": .string(app)], at: "metadata", "labels")
        if bytes > 0 { object.set(["x": .string(String(repeating: "x", count: bytes))], at: "data") }
        try cluster.create(.configMaps, object)
    }

    private func address(_ bytes: [UInt8]?) -> UnsafeRawPointer? { bytes?.withUnsafeBytes { $0.baseAddress } }

    @Test("share the bytes of each event, also with those that select others; each sees its own")
    func sharing() throws {
        let cluster = try ClusterUnderTest()
        let all = (0..<3).map { _ in watch(cluster) }
        let web = watch(cluster, "&labelSelector=app%3Dweb")
        let table = watch(cluster, accept: "application/json;as=Table;v=v1;g=meta.k8s.io")
        #expect(cluster.server.hub.count == 5)
        try create(cluster, "a", app: "web")
        try create(cluster, "b", app: "db")
        for client in all { #expect(client.events == ["ADDED a", "ADDED b"]) }
        #expect(web.events == ["ADDED a"])
        #expect(table.events == ["ADDED table", "ADDED table"])
        #expect(Set(([web] + all).map { address($0.pieces.first) }).count == 1)
        let columns = try table.pieces.map {
            try JSONValue.parse($0.dropLast()).list("object", "columnDefinitions").count
        }
        #expect(columns[0] > 0 && columns[1] == 0)
    }

    @Test("go one by one, in any order, and the others stay")
    func leaving() throws {
        let cluster = try ClusterUnderTest()
        let clients = (0..<5).map { _ in watch(cluster) }
        var staying = Set(clients.indices)
        for (round, leaving) in [2, 4, 0, 3, 1].enumerated() {
            try create(cluster, "x\(round)", app: "web")
            for index in clients.indices {
                #expect(clients[index].events.contains("ADDED x\(round)") == staying.contains(index))
            }
            clients[leaving].onClose?()
            staying.remove(leaving)
            #expect(cluster.server.hub.count == staying.count)
        }
        try create(cluster, "last", app: "web")
        #expect(clients.allSatisfy { !$0.events.contains("ADDED last") })
    }

    @Test("wait for no slow one, which gets everything later, once and in order")
    func slowness() throws {
        let cluster = try ClusterUnderTest()
        let (slow, quick) = (watch(cluster), watch(cluster))
        slow.isSlow = true
        for number in 0..<8 { try create(cluster, "x\(number)", app: "web", bytes: 100_000) }
        let expected = (0..<8).map { "ADDED x\($0)" }
        #expect(quick.events == expected)
        #expect(slow.events.count < 8 && cluster.server.hub.hasBusy)
        slow.isSlow = false
        try cluster.run("the slow one") { slow.events.count >= 8 }
        #expect(slow.events == expected)
        try create(cluster, "y", app: "web")
        #expect(slow.events.last == "ADDED y" && slow.events.count == 9)
    }

    @Test("are told in turns of the loop when they are many; nobody is left out who stays, or is told twice")
    func turns() throws {
        let cluster = try ClusterUnderTest()
        let hub = cluster.server.hub
        hub.pace = (.zero, 10)
        var clients = (0..<100).map { _ in watch(cluster) }
        func turn() throws {
            let before = clients.reduce(0) { $0 + $1.pieces.count }
            cluster.loop.after(.zero) { cluster.loop.stop() }
            try cluster.loop.run()
            // Some when the change comes, and some when it is their turn.
            #expect(clients.reduce(0) { $0 + $1.pieces.count } <= before + 20)
        }
        func write(_ name: String) throws {
            let object = Sample.configMap(name)
            cluster.server.perform(.create(try cluster.type(.configMaps), object), as: .apiServer) { _ in }
        }
        try write("a")
        var isWritten = false
        for round in 0..<1000 where round < 20 || hub.isDelivering {
            try turn()
            guard hub.isDelivering, !isWritten else { continue }
            isWritten = true
            // Some have been told; of them and of the others each one leaves, and somebody comes.
            let (told, untold) = (clients.filter { !$0.pieces.isEmpty }, clients.filter { $0.pieces.isEmpty })
            #expect(told.count >= 10 && untold.count >= 80)
            for leaving in [told[3], untold[7], untold[0], told[9]] {
                leaving.onClose?()
                clients.removeAll { $0 === leaving }
            }
            clients.append(watch(cluster))
            try write("b")
        }
        #expect(isWritten && clients.count == 97)
        #expect(clients.last?.events == ["ADDED b"])
        #expect(clients.dropLast().allSatisfy { $0.events == ["ADDED a", "ADDED b"] })
    }
}
