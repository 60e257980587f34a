internal import Daemon
internal import JSON
internal import KubeAPI
internal import Linux
internal import Store

/// Of several servers on one store the one that runs the controllers: the holder of a Lease, which it renews. When it
/// does not, another one takes over.
///
/// The holder steps down some seconds before others may think it gone, as clocks are not compared: everybody counts from
/// when they saw the Lease change. The Lease is written past the API, as its namespace may not be there yet.
package final class ControllerElection {
    /// How long things take; upstream's figures.
    package struct Timing {
        /// After this long without a renewal others take over.
        package var duration = Duration.seconds(15)
        /// After this long without one of its own the holder steps down.
        package var patience = Duration.seconds(10)
        package var interval = Duration.seconds(2)

        package init() {}
    }

    private static let path = "kube-system/poplin-controllers"
    private let timing: Timing
    private let identity: String
    private let lead: () -> Void
    private let stepDown: () -> Void
    private var cluster: (any Cluster)?
    private var timer: LoopTimer?
    package private(set) var isLeading = false
    private var renewed = MonotonicTime.now
    private var isWriting = false
    /// The last version that was seen, and when.
    private var seen: (revision: Revision, time: MonotonicTime)?

    /// `identity` is unique among the servers. The closures start and stop the controllers.
    package init(
        identity: String, timing: Timing = Timing(), lead: @escaping () -> Void, stepDown: @escaping () -> Void
    ) {
        self.timing = timing
        self.identity = identity
        self.lead = lead
        self.stepDown = stepDown
    }

    package func start(_ cluster: any Cluster) {
        self.cluster = cluster
        tick()
    }

    /// Lets another server take over at once.
    package func stop() {
        if let timer { cluster?.cancel(timer) }
        timer = nil
        guard isLeading, let cluster else { return }
        resign()
        write(holder: "", cluster)
    }

    private func tick() {
        guard let cluster else { return }
        timer = cluster.after(timing.interval) { [weak self] in self?.tick() }
        let lease = cluster.cache.object(.leases, Self.path)
        let revision = lease?.revision ?? 0
        if seen?.revision != revision { seen = (revision, .now) }
        let holder = lease?.decoded?.text("spec", "holderIdentity") ?? ""
        if isLeading {
            let isLost = !holder.isEmpty && holder != identity
            if isLost || MonotonicTime.now - renewed > timing.patience { return resign() }
            return write(holder: identity, cluster)
        }
        let isFree = holder.isEmpty || holder == identity
        let isSilent = seen.map { MonotonicTime.now - $0.time > timing.duration } ?? false
        if isFree || isSilent { write(holder: identity, cluster) }
    }

    private func resign() {
        guard isLeading else { return }
        isLeading = false
        cluster?.log.info("another server runs the controllers, or none")
        stepDown()
    }

    /// Writes the Lease as it was last seen, with this holder. Whoever was faster makes it fail.
    private func write(holder: String, _ cluster: any Cluster) {
        if isWriting { return }
        isWriting = true
        let present = cluster.cache.object(.leases, Self.path)
        let lease = lease(present?.decoded, holder, cluster)
        let key = StoragePrefix.leases.key(Self.path)
        let write = ObjectWrite.update(key, ObjectMetadata.stored(lease), expected: present?.revision ?? 0)
        let begun = MonotonicTime.now
        cluster.commit([write]) { [weak self] result in
            guard let self else { return }
            self.isWriting = false
            guard case .success = result, holder == self.identity, self.timer != nil else { return }
            self.renewed = begun
            if self.isLeading { return }
            self.isLeading = true
            cluster.log.info("this server runs the controllers", ["identity": self.identity])
            self.lead()
        }
    }

    private func lease(_ present: JSONValue?, _ holder: String, _ cluster: any Cluster) -> JSONValue {
        let now = Timestamp(since1970: cluster.now).microTime
        var lease =
            present ?? [
                "kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
                "metadata": [
                    "name": "poplin-controllers", "namespace": "kube-system",
                    "uid": .string(ObjectMetadata.newUID()), "creationTimestamp": .string(cluster.timestamp),
                ],
            ]
        if lease.text("spec", "holderIdentity") != holder {
            let transitions = lease.integer("spec", "leaseTransitions")
            lease.set(.string(now), at: "spec", "acquireTime")
            lease.set(.number(JSONNumber(present == nil ? 0 : transitions + 1)), at: "spec", "leaseTransitions")
        }
        lease.set(.string(holder), at: "spec", "holderIdentity")
        lease.set(.number(JSONNumber(timing.duration.components.seconds)), at: "spec", "leaseDurationSeconds")
        lease.set(.string(now), at: "spec", "renewTime")
        return lease
    }
}
