internal import Glibc
package import HTTP
internal import JSON
internal import KubeAPI
package import KubeClient
internal import Linux
internal import NetTypes
package import Store

/// Leases in a cluster's Nodes, as flannel's Kubernetes subnet manager keeps them: who allocates subnets is the cluster
/// (spec.podCIDRs), and what a node says about itself are annotations of its Node. A lease there has no term.
package final class KubeSubnetManager: SubnetManager {
    private let settings: KubernetesSettings
    private let api: BlockingAPIClient
    private let cancellation: Cancellation
    private var knownName: String?
    private var lastSeen: NodeRecord?

    /// How often the configuration's file is looked at. The kubelet replaces a ConfigMap's files by a rename of their
    /// directory, once a minute or so.
    private static let configInterval: UInt32 = 2

    package init(_ access: ClusterAccess, _ settings: KubernetesSettings, cancellation: Cancellation = Cancellation())
        throws(SubnetError)
    {
        var options = APIClient.Options()
        options.userAgent = "poplin-overlay"
        do throws(SystemError) {
            api = try BlockingAPIClient(access, options: options, cancellation: cancellation)
        } catch {
            throw .store(StoreError(.unavailable, operation: "use the Kubernetes API", reason: error.description))
        }
        self.settings = settings
        self.cancellation = cancellation
    }

    // MARK: Configuration

    package func networkConfig() throws(SubnetError) -> PublishedConfig {
        let text: String
        do throws(SystemError) {
            text = try Files.readText(settings.configPath, limit: 1 << 20)
        } catch {
            throw .configMissing(key: settings.configPath)
        }
        do throws(ConfigProblems) {
            return try PublishedConfig(text, subnets: .assigned)
        } catch {
            throw .configInvalid(error)
        }
    }

    package func watchConfig(_ body: (ConfigNews) -> WatchDecision) throws(SubnetError) {
        var last: ConfigNews?
        while true {
            let news: ConfigNews
            do throws(SubnetError) { news = .config(try networkConfig()) } catch { news = .unusable(error) }
            if body(news == last ? .alive : news) == .stop { return }
            last = news
            sleep(Self.configInterval)
            if cancellation.isCancelled {
                throw .store(StoreError(.cancelled, operation: "follow \(settings.configPath)", reason: "cancelled"))
            }
        }
    }

    private func families() -> [IPFamily] { (try? networkConfig())?.config.families ?? IPFamily.allCases }

    // MARK: This node

    /// The name of our Node: what the manifest says, or the Node that our pod is on, or our host's name, which is what
    /// a kubelet takes.
    private func nodeName() throws(SubnetError) -> String {
        if let knownName { return knownName }
        let environment = settings.environment
        if let name = environment["NODE_NAME"], !name.isEmpty {
            knownName = name
        } else if let pod = environment["POD_NAME"], let namespace = environment["POD_NAMESPACE"], !pod.isEmpty,
            !namespace.isEmpty
        {
            let answer = try ask(.get(.pods(in: namespace), pod))
            let name = (try? JSONValue.parse(answer.body))?["spec"]?["nodeName"]?.string
            guard let name, !name.isEmpty else { throw .nodeUnknown("pod \(namespace)/\(pod) is on no node") }
            knownName = name
        } else {
            let host = ((try? Files.readText("/proc/sys/kernel/hostname")) ?? "").lowercased().filter {
                !$0.isWhitespace
            }
            if host.isEmpty { throw .nodeUnknown("set NODE_NAME") }
            knownName = host
        }
        return knownName ?? ""
    }

    private func node() throws(SubnetError) -> (name: String, record: NodeRecord) {
        let name = try nodeName()
        let answer = try ask(.get(.nodes, name))
        return (name, try read(answer, name))
    }

    private func read(_ answer: HTTPAnswer, _ name: String) throws(SubnetError) -> NodeRecord {
        do throws(JSONError) {
            let record = try ReadObject<NodeRecord>(json: answer.body).content
            lastSeen = record
            return record
        } catch {
            throw .api(APIFailure(.malformed, operation: "GET node \(name)", message: error.description))
        }
    }

    private func ask(_ request: APIRequest) throws(SubnetError) -> HTTPAnswer {
        do throws(APIFailure) { return try api.send(request) } catch { throw .api(error) }
    }

    package func assignedSubnet(_ config: NetworkConfig) throws(SubnetError) -> SubnetKey? {
        let (name, record) = try node()
        return try subnet(name, record, config)
    }

    private func subnet(_ name: String, _ record: NodeRecord, _ config: NetworkConfig) throws(SubnetError) -> SubnetKey
    {
        let families = config.families
        guard let subnet = record.subnet(families), subnet.subnets.count == families.count else {
            let had = record.podCIDRs.isEmpty ? "no podCIDR yet" : "only \(record.podCIDRs.joined(separator: ", "))"
            throw .podCIDRMissing(
                node: name, "\(had); the network wants \(families.map { "IP\($0)" }.joined(separator: " and "))")
        }
        for family in families {
            guard let part = subnet[family], let pool = config[family] else { continue }
            guard pool.network.contains(part) else { throw .podCIDROutside(node: name, part, network: pool.network) }
        }
        return subnet
    }

    package func acquire(_ identity: LeaseIdentity, _ config: NetworkConfig) throws(SubnetError) -> OwnLease {
        try hold(identity.attributes, config, before: nil)
    }

    /// The subnet is read again with each renewal: a Node that was deleted and made again may have another.
    package func renew(_ own: OwnLease, attributes: LeaseAttributes) throws(SubnetError) -> OwnLease {
        try hold(attributes, try networkConfig().config, before: own.lease)
    }

    private func hold(_ attributes: LeaseAttributes, _ config: NetworkConfig, before: Lease?) throws(SubnetError)
        -> OwnLease
    {
        let (name, found) = try node()
        let subnet = try subnet(name, found, config)
        var record = found
        if let patch = settings.keys.patch(record, to: attributes, config.families) {
            let answer = try ask(.patch(.nodes, name, subresource: "status", .strategicMerge, patch))
            record = try read(answer, name)
        }
        var own = OwnLease(
            lease: Lease(subnet: subnet, attributes: attributes, revision: record.revision), remaining: nil)
        if let before {
            let theirs = try? settings.keys.attributes(found)
            own.wasRecreated = theirs == nil
            if let theirs, theirs != before.attributes, theirs != attributes { own.overwrote = theirs }
        }
        return own
    }

    /// Tells the cluster that pods on this node have a network, unless it knows.
    package func announceReady() throws(SubnetError) {
        guard settings.clearsNetworkUnavailable else { return }
        let name = try nodeName()
        let record = if let lastSeen { lastSeen } else { try node().record }
        let wanted = NodeRecord.Condition(
            status: "False", reason: "FlannelIsUp", message: "Flannel is running on this node")
        if record.networkUnavailable == wanted { return }
        let now = JSONValue.string(Timestamp.now.time)
        // flannel's very words, so that the two do not take turns in writing it.
        let patch: JSONValue = [
            "status": [
                "conditions": [
                    [
                        "type": "NetworkUnavailable", "status": .string(wanted.status),
                        "reason": .string(wanted.reason),
                        "message": .string(wanted.message), "lastHeartbeatTime": now, "lastTransitionTime": now,
                    ]
                ]
            ]
        ]
        _ = try read(try ask(.patch(.nodes, name, subresource: "status", .strategicMerge, patch)), name)
    }

    // MARK: All nodes

    package func watch(_ body: (LeaseNews) -> WatchDecision) throws(SubnetError) {
        // Ourselves first: what follows for us does not wait for thousands of others.
        let (name, record) = try node()
        let keys = settings.keys
        if body(.node(keys.wishes(record))) == .stop { return }
        var leases = NodeLeases(keys, families())
        var told: [String]?
        do throws(APIFailure) {
            try api.follow(.nodes) { (informer: Informer<NodeRecord>, news) in
                Self.news(news, informer, &leases, &told, name, keys).allSatisfy { body($0) == .proceed }
            }
        } catch {
            throw .api(error)
        }
    }

    private static func news(
        _ news: Informer<NodeRecord>.News, _ informer: Informer<NodeRecord>, _ leases: inout NodeLeases,
        _ told: inout [String]?, _ name: String, _ keys: AnnotationKeys
    ) -> [LeaseNews] {
        var result: [LeaseNews] = []
        let changes: [Informer<NodeRecord>.Change]
        switch news {
        case .alive: return [.alive]
        case .trouble(let trouble): return [.trouble(trouble)]
        case .synced(let all): changes = all
        case .changed(let some): changes = some
        }
        if let own = changes.last(where: { $0.key.name == name }) {
            result.append(.node(keys.wishes(own.after ?? NodeRecord())))
        }
        var events: [LeaseEvent] = []
        for change in changes { events += leases.update(change.key.name, to: change.after) }
        let unreadable = leases.unreadable.values.sorted() + leases.conflicts
        if unreadable != told {
            told = unreadable
            result.append(.unreadable(unreadable))
        }
        if case .synced = news {
            let revision = informer.revision.flatMap { Int64($0) } ?? .max
            result.append(.events([.snapshot(leases.leases, revision: revision)]))
        } else {
            result.append(events.isEmpty ? .alive : .events(events))
        }
        return result
    }
}
