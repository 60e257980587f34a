import Daemon
import Dispatch
import KubeClient
import Lab
import NFTables
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

/// The whole daemon, in this process, and a server that cuts its watches.
@Suite(.requiresRoot) struct CutWatchTests {
    /// Runs the daemon against the cluster, in a namespace of its own.
    private func withDaemon(
        _ cluster: () throws -> HostileCluster, _ body: (ProxyDaemon, HostileCluster) throws -> Void
    ) throws {
        let node = try LabNamespace("cut")
        try node.run {
            let cluster = try cluster()
            let loop = try EventLoop()
            let options = try ProxyOptions(["--proxy-mode=nftables"]) { _ in [] }
            let daemon = try ProxyDaemon(
                options, name: "here", access: ClusterAccess(server: cluster.server.url),
                log: Logger { _ in }, loop: loop, notifier: ServiceNotifier(environment: [:]))
            daemon.reflector = Reflector(backoff: Backoff(initial: .milliseconds(1), maximum: .milliseconds(4)))
            try body(daemon, cluster)
        }
    }

    /// Of the table in the calling thread's namespace: where the Service leads; nil without a table.
    private func endpoints() throws -> Set<String>? {
        var socket = try NFTSocket()
        guard try socket.table(ProxySet.table) != nil else { return nil }
        return Set(
            try socket.elements(of: ProxySet.endpoints.set(.v4)).map { element in
                if case .data(let data)? = element.value { "\(data[0])" } else { "" }
            })
    }

    private func generation() throws -> UInt32 {
        var socket = try NFTSocket()
        return try socket.generation()
    }

    @Test("cut after each byte of an event, a watch changes nothing until all of it has come")
    func event() throws {
        let change = Array(HostileCluster.event("MODIFIED", HostileCluster.slice(2, 11)).utf8)
        try withDaemon {
            try HostileCluster { request, number, connection in
                connection.open()
                if number == 0 {
                    connection.send(HostileCluster.event("ADDED", HostileCluster.slice(1, 10)))
                    connection.send(HostileCluster.bookmark(10, endsInitialEvents: true))
                    return
                }
                // A sign of life, and then one byte more than the last time.
                connection.send(HostileCluster.bookmark(10))
                connection.send(Array(change.prefix(number - 1)))
                if number > change.count { connection.waitForEnd() }
            }
        } _: { daemon, cluster in
            func count() -> Int { cluster.server.requests.count { $0.path.hasSuffix("/endpointslices") } }
            try daemon.loop.run(until: "the table is there", by: daemon.run) { try endpoints() == ["10.30.2.1"] }
            let before = try generation()
            try daemon.loop.run(until: "nearly all of it has come", within: .seconds(60)) { count() >= change.count }
            #expect(try endpoints() == ["10.30.2.1"] && generation() == before)
            try daemon.loop.run(until: "all of it has come") { try endpoints() == ["10.30.2.2"] }
            // Nothing was asked for anew.
            let others = cluster.server.requests.filter { $0.path.hasSuffix("/endpointslices") }.dropFirst()
            #expect(others.allSatisfy { $0.query["resourceVersion"] == "10" && $0.isWatch })
        }
    }

    @Test("cut after each byte of the first answer, nothing is written until all of it has come")
    func first() throws {
        let answer = Array(
            (HostileCluster.event("ADDED", HostileCluster.slice(1, 10))
                + HostileCluster.bookmark(10, endsInitialEvents: true)).utf8)
        try withDaemon {
            try HostileCluster { request, number, connection in
                // A client that has had enough of this asks for a list instead, which is cut as well.
                if !request.isWatch {
                    let list =
                        #"{"kind":"EndpointSliceList","metadata":{"resourceVersion":"10"},"items":["#
                        + HostileCluster.slice(1, 10) + "]}"
                    let length = "HTTP/1.1 200 OK\r\nContent-Length: \(list.utf8.count)\r\nConnection: close\r\n\r\n"
                    connection.send(length)
                    connection.send(Array(list.utf8.prefix(number)))
                    return
                }
                connection.open()
                connection.send(Array(answer.prefix(number)))
                if number >= answer.count { connection.waitForEnd() }
            }
        } _: { daemon, cluster in
            try daemon.loop.run(until: "the table is there", within: .seconds(60), by: daemon.run) {
                try endpoints() != nil
            }
            #expect(try endpoints() == ["10.30.2.1"])
            #expect(cluster.server.requests.count { $0.path.hasSuffix("/endpointslices") } > 100)
        }
    }

    @Test("told that its revision is gone, it reads all anew and writes what has changed, and only that")
    func expired() throws {
        let isKnown = DispatchSemaphore(value: 0)
        try withDaemon {
            try HostileCluster { request, number, connection in
                connection.open()
                let revision = number < 2 ? 10 : 20
                if request.query["resourceVersion"] == nil || request.query["sendInitialEvents"] == "true" {
                    connection.send(HostileCluster.event("ADDED", HostileCluster.slice(number < 2 ? 1 : 7, revision)))
                    connection.send(HostileCluster.bookmark(revision, endsInitialEvents: true))
                    if number == 0 { return }
                } else if number == 1 {
                    isKnown.wait()
                    connection.send(HostileCluster.gone)
                    return
                }
                connection.waitForEnd()
            }
        } _: { daemon, cluster in
            try daemon.loop.run(until: "the table is there", by: daemon.run) { try endpoints() == ["10.30.2.1"] }
            let before = try generation()
            isKnown.signal()
            try daemon.loop.run(until: "all is known anew") { try endpoints() == ["10.30.2.7"] }
            #expect(try generation() == before + 1)
        }
    }
}
