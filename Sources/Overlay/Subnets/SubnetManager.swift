package import HTTP
package import KubeClient
package import NetTypes
package import Store

/// Where nodes learn the network's configuration and each other's leases, and hold their own. Kept apart from the store
/// behind it, so that another (Kubernetes nodes, an embedded store) plugs in. Calls block; one thread at a time.
package protocol SubnetManager: AnyObject {
    /// The network's configuration as it stands in the store.
    func networkConfig() throws(SubnetError) -> PublishedConfig

    /// Follows the configuration and blocks until the body says `.stop` or the watch fails; what stands there now comes
    /// first.
    func watchConfig(_ body: (ConfigNews) -> WatchDecision) throws(SubnetError)

    /// Gets this node a lease, its own from before where there is one.
    func acquire(_ identity: LeaseIdentity, _ config: NetworkConfig) throws(SubnetError) -> OwnLease

    /// Holds the lease for another full term, and publishes new attributes where they differ.
    /// A lease that is gone is made again for the same subnet. `.lost` when another node has it.
    func renew(_ own: OwnLease, attributes: LeaseAttributes) throws(SubnetError) -> OwnLease

    /// Follows all leases and blocks until the body says `.stop` or the watch fails; a snapshot comes first.
    func watch(_ body: (LeaseNews) -> WatchDecision) throws(SubnetError)

    /// The subnet that the store gives this node; nil where nodes choose their own.
    func assignedSubnet(_ config: NetworkConfig) throws(SubnetError) -> SubnetKey?

    /// The node's network stands; called again after each renewal.
    func announceReady() throws(SubnetError)
}

extension SubnetManager {
    package func assignedSubnet(_ config: NetworkConfig) throws(SubnetError) -> SubnetKey? { nil }
    package func announceReady() throws(SubnetError) {}
}

/// Makes a manager for one thread; cancelling ends its calls, for good, from any thread.
package typealias SubnetManagerMaker = @Sendable (Cancellation) throws(SubnetError) -> any SubnetManager

/// The network's configuration, and the text that it was read from.
package struct PublishedConfig: Hashable, Sendable {
    package var config: NetworkConfig
    package var text: String

    package init(_ text: String, subnets: SubnetOrigin = .chosen) throws(ConfigProblems) {
        config = try NetworkConfig(json: text.utf8, subnets: subnets)
        self.text = text
    }
}

/// This node's lease, and how long it is good for.
package struct OwnLease: Hashable, Sendable {
    package var lease: Lease
    /// Nil for a reservation, which does not end.
    package var remaining: Duration?
    /// The lease was found gone and has been made again.
    package var wasRecreated = false
    /// What stood in the lease's place, when another node with our own address had written it.
    package var overwrote: LeaseAttributes?

    package init(lease: Lease, remaining: Duration?) {
        self.lease = lease
        self.remaining = remaining
    }

    /// flannel's term. Peers may be away for a day before their subnet goes to somebody else.
    package static let termSeconds = 86400
}

/// What a watch of leases tells.
package enum LeaseNews: Hashable, Sendable {
    /// What happened in one step of the store, or in a few.
    case events([LeaseEvent])
    /// The keys and values that are no leases, all there are now; each is named with its reason.
    case unreadable([String])
    /// What the store says about this node itself, before its leases and whenever it has changed.
    case node(NodeWishes)
    /// The watch has failed and will be begun again by itself, or (nil) works again.
    case trouble(String?)
    /// Nothing has changed; the watch is alive.
    case alive
}

/// What a watch of the configuration tells.
package enum ConfigNews: Hashable, Sendable {
    case config(PublishedConfig)
    /// It is missing or wrong; who has another goes on with that.
    case unusable(SubnetError)
    /// Nothing has changed; the watch is alive.
    case alive
}

package enum SubnetError: Error, Hashable, Sendable, CustomStringConvertible {
    case store(StoreError)
    /// The Kubernetes API.
    case api(APIFailure)
    /// Nobody says which Node is ours.
    case nodeUnknown(String)
    case podCIDRMissing(node: String, String)
    case podCIDROutside(node: String, CIDR, network: CIDR)
    case configMissing(key: String)
    case configInvalid(ConfigProblems)
    case networkFull
    /// Other nodes took each subnet that we tried to take.
    case tooManyCollisions
    case lost(SubnetKey, to: String)

    package var description: String {
        switch self {
        case .store(let error): error.description
        case .api(let failure): failure.description
        case .nodeUnknown(let reason): "which node this is, is unknown: \(reason)"
        case .podCIDRMissing(let node, let reason):
            "node \(node) has \(reason); waiting for the cluster to allocate it (kube-controller-manager --allocate-node-cidrs, or poplin server)"
        case .podCIDROutside(let node, let subnet, let network):
            "node \(node)'s podCIDR \(subnet) is outside of the network \(network); the network configuration and the cluster CIDR must agree"
        case .configMissing(let key):
            "no network configuration at \(key); put one there, such as {\"Network\": \"10.5.0.0/16\", \"Backend\": {\"Type\": \"vxlan\"}}"
        case .configInvalid(let problems): "the network configuration is wrong: \(problems)"
        case .networkFull:
            "every subnet of the network is leased; enlarge the network or remove leases of nodes that are gone"
        case .tooManyCollisions: "other nodes took each of the subnets that were tried"
        case .lost(let subnet, let other):
            "our subnet \(subnet) is now leased by \(other); remove that lease, or drain this node and restart poplin overlay so that it takes another subnet"
        }
    }

    var isCancelled: Bool {
        switch self {
        case .store(let error): error.kind == .cancelled
        case .api(let failure): failure.isCancelled
        default: false
        }
    }
}
