internal import HTTP
internal import JSON
internal import KubeClient
internal import NetTypes
internal import Netlink

/// What the cluster says at one moment, read as the daemon reads it but for following it.
struct ClusterSnapshot {
    private(set) var index: ServiceIndex
    let view: NodeView

    init(_ options: ProxyOptions, _ environment: [String: String]) throws {
        let client = try BlockingAPIClient(try ProxyCommand.access(options, environment))
        let name = try ProxyCommand.nodeName(options)
        let nodes: [ObjectKey: NodeObject] = try client.list(.node(name))
        let networks: [ObjectKey: ServiceCIDRObject] = try client.list(.serviceCIDRs)
        var socket = try NetlinkSocket()
        view = NodeView(
            name, options.configuration, node: nodes.values.first, interfaceAddresses: try socket.nodeAddresses(),
            serviceCIDRs: networks.values.flatMap(\.networks))
        index = ServiceIndex(node: name, allowsExternalIPs: options.configuration.isEnabled(.externalIPs))
        let services: [ObjectKey: ServiceObject] = try client.list(.services)
        for (key, service) in services { index.set(service: key, service) }
        let slices: [ObjectKey: EndpointSliceObject] = try client.list(.slices)
        for (key, slice) in slices { index.set(slice: key, slice) }
    }

    /// The table for it. Endpoints stay in the slots where they are, as when the daemon starts.
    func ruleset(remembering slots: SlotMemory) -> Ruleset {
        var index = index
        var planner = Planner(view, remembering: slots)
        index.plan(with: &planner)
        return planner.start()
    }

    /// The rules for it by iptables.
    var iptablesRules: [IPFamily: IPTablesRules] {
        var index = index
        var planner = IPTablesPlanner(view)
        index.plan(with: &planner)
        return planner.start()
    }
}

extension BlockingAPIClient {
    /// All of them, page by page.
    fileprivate func list<Content: Projection>(_ part: ClusterPart) throws -> [ObjectKey: Content] {
        var objects: [ObjectKey: Content] = [:]
        var token = ""
        repeat {
            var query = [APIRequest.Parameter("limit", "5000")]
            if let labels = part.labels { query.append(.init("labelSelector", labels)) }
            if let fields = part.fields { query.append(.init("fieldSelector", fields)) }
            if !token.isEmpty { query.append(.init("continue", token)) }
            var request = APIRequest("GET", part.resource.path(), query: query)
            request.timeout = .seconds(60)
            request.limit = 1 << 30
            let page = try ListPage(try send(request).body) { (object: ReadObject<Content>) in
                objects[object.key] = object.content
            }
            token = page.continueToken
        } while !token.isEmpty
        return objects
    }
}
