internal import Crypto
internal import Daemon
internal import JSON
internal import KubeAPI

/// Deletes CertificateSigningRequests that nobody needs any more: decided an hour ago, undecided for a day, or with a
/// certificate that has ended. Upstream's times.
final class CertificateRequestCleaner: Controller {
    let name = "csrcleaner"
    private static let interval = Duration.seconds(3600)
    private static let decided = 3600
    private static let undecided = 86400
    private var cluster: (any Cluster)?
    private var timer: LoopTimer?

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        look()
    }

    func observe(_ change: ObjectChange) {}

    func stop() {
        if let timer { cluster?.cancel(timer) }
        timer = nil
        cluster = nil
    }

    private func look() {
        guard let cluster, let type = cluster.type(of: CertificateRequestController.storage) else { return }
        for request in cluster.objects(CertificateRequestController.storage)
        where Self.isOver(request, now: Int(cluster.now)) {
            var options = DeleteOptions()
            options.resourceVersion = request.text("metadata", "resourceVersion")
            cluster.perform(.delete(type, namespace: "", name: request.text("metadata", "name"), options))
        }
        timer = cluster.after(Self.interval) { [weak self] in self?.look() }
    }

    /// `now` is in seconds since 1970.
    static func isOver(_ request: JSONValue, now: Int) -> Bool {
        if let bytes = request.at("status", "certificate")?.base64Bytes,
            let certificate = try? Certificate.all(pem: String(decoding: bytes, as: UTF8.self)).first,
            certificate.notAfter < now
        {
            return true
        }
        switch CertificateVerdict(request) {
        case .pending:
            return Timestamp(request.text("metadata", "creationTimestamp")).map { $0.seconds + undecided < now }
                ?? false
        case .approved, .denied:
            let times = request.list("status", "conditions").compactMap { condition -> Int? in
                guard ["Approved", "Denied", "Failed"].contains(condition.text("type")) else { return nil }
                return Timestamp(condition.text("lastUpdateTime"))?.seconds
            }
            return times.max().map { $0 + decided < now } ?? false
        }
    }
}
