internal import Daemon
internal import JSON
internal import KubeAPI
internal import Linux

/// Runs a controller as long as no kube-controller-manager does its work: two that keep the same objects would undo each
/// other's. Whether there is one is seen from its Lease, which its leader renews every two seconds.
final class YieldingController: Controller {
    private static let path = "kube-system/kube-controller-manager"
    /// Upstream's duration of the Lease.
    private static let usualDuration = 15

    private let controller: any Controller
    private var cluster: (any Cluster)?
    private var timer: LoopTimer?
    private(set) var isRunning = false

    init(_ controller: any Controller) { self.controller = controller }

    var name: String { controller.name }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        look()
    }

    func stop() {
        if let timer { cluster?.cancel(timer) }
        timer = nil
        stopController()
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .leases, change.object.path == Self.path { look() }
        if isRunning { controller.observe(change) }
    }

    /// Clocks are not compared: a holder is taken to be there for a Lease's time from when the Lease was last seen to
    /// change.
    private func look() {
        guard let cluster else { return }
        if let timer { cluster.cancel(timer) }
        timer = nil
        let lease = cluster.cache.object(.leases, Self.path)?.decoded
        guard let lease, !lease.text("spec", "holderIdentity").isEmpty else { return startController() }
        if isRunning { cluster.log.info("left to kube-controller-manager", ["controller": name]) }
        stopController()
        let seconds = lease.at("spec", "leaseDurationSeconds")?.int ?? Self.usualDuration
        timer = cluster.after(.seconds(max(1, seconds))) { [weak self] in
            self?.timer = nil
            self?.startController()
        }
    }

    private func startController() {
        guard !isRunning, let cluster else { return }
        isRunning = true
        controller.start(cluster)
    }

    private func stopController() {
        guard isRunning else { return }
        isRunning = false
        controller.stop()
    }
}
