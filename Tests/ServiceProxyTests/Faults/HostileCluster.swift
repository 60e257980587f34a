import Synchronization
import TestSupport

/// An API server with one Service, of whose slices it tells byte by byte what a test says.
final class HostileCluster: Sendable {
    typealias Slices =
        @Sendable (_ request: ScriptedServer.Request, _ number: Int, borrowing ScriptedServer.Connection) -> Void

    let server: ScriptedServer

    /// The script answers requests for slices, counted from 0; all else is as it should be.
    init(_ slices: @escaping Slices) throws {
        let count = Counter()
        server = try ScriptedServer { request, _, connection in
            if request.path.hasSuffix("/endpointslices") { return slices(request, count.next(), connection) }
            connection.open()
            if request.path.hasSuffix("/services") { connection.send(Self.event("ADDED", Self.service)) }
            connection.send(Self.bookmark(5, endsInitialEvents: true))
            connection.waitForEnd()
        }
    }

    private final class Counter: Sendable {
        private let value = Mutex(-1)

        func next() -> Int {
            value.withLock {
                $0 += 1
                return $0
            }
        }
    }

    static let service =
        #"{"kind":"Service","metadata":{"name":"web","namespace":"default","resourceVersion":"3"},"#
        + #""spec":{"type":"ClusterIP","clusterIPs":["10.96.0.10"],"ports":[{"port":80,"protocol":"TCP"}]}}"#

    /// The slice of the Service, with one endpoint.
    static func slice(_ endpoint: Int, _ revision: Int) -> String {
        #"{"kind":"EndpointSlice","metadata":{"name":"web-1","namespace":"default","resourceVersion":"\#(revision)","#
            + #""labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4","#
            + #""ports":[{"port":8080,"protocol":"TCP"}],"endpoints":[{"addresses":["10.30.2.\#(endpoint)"]}]}"#
    }

    static func event(_ type: String, _ object: String) -> String { #"{"type":"\#(type)","object":\#(object)}"# + "\n" }

    static func bookmark(_ revision: Int, endsInitialEvents: Bool = false) -> String {
        let mark = endsInitialEvents ? #","annotations":{"k8s.io/initial-events-end":"true"}"# : ""
        return event("BOOKMARK", #"{"kind":"EndpointSlice","metadata":{"resourceVersion":"\#(revision)"\#(mark)}}"#)
    }

    static let gone = event(
        "ERROR",
        #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too old","reason":"Expired","code":410}"#)
}
