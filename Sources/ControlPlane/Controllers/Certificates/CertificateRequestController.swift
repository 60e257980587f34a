internal import Crypto
internal import Daemon
internal import Identity
internal import JSON
internal import KubeAPI

/// Looks at each CertificateSigningRequest when it changes: what approving and signing have in common.
final class CertificateRequestController: Controller {
    /// What is to be written to a request.
    enum Step {
        /// A condition, through the path `approval` or `status`.
        case condition(JSONValue, subresource: String)
        /// In PEM.
        case certificate(String)
    }

    static let storage = StoragePrefix("certificatesigningrequests")

    let name: String
    /// Nil when nothing is to be done.
    private let step: (JSONValue) -> Step?
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<String>?

    private init(_ name: String, _ step: @escaping (JSONValue) -> Step?) {
        self.name = name
        self.step = step
    }

    /// Approves what kubelets may have without anybody looking.
    static func approving(_ approval: NodeApproval) -> CertificateRequestController {
        CertificateRequestController("csrapproving") { request in
            guard CertificateVerdict(request) == .pending, let message = approval.message(for: request) else {
                return nil
            }
            return .condition(
                ["type": "Approved", "status": "True", "reason": "AutoApproved", "message": .string(message)],
                subresource: "approval")
        }
    }

    /// Signs what has been approved, for the cluster's own signers. The authority is asked for each time: it may be
    /// renewed. `now` is in seconds since 1970.
    static func signing(
        _ authority: @escaping () -> CertificateAuthority, now: @escaping () -> Int
    ) -> CertificateRequestController {
        CertificateRequestController("csrsigning") { request in
            guard CertificateVerdict(request) == .approved, request.text("status", "certificate").isEmpty,
                request.condition("Failed") == nil
            else { return nil }
            do throws(CryptoError) {
                switch try CertificateIssue.of(request, by: authority(), now: now()) {
                case .certificate(let pem)?: return .certificate(pem)
                case .refused(let why)?: return failed("SignerValidationFailure", why)
                case nil: return nil
                }
            } catch {
                return failed("SignerFailure", "\(error)")
            }
        }
    }

    private static func failed(_ reason: String, _ why: String) -> Step {
        .condition(
            ["type": "Failed", "status": "True", "reason": .string(reason), "message": .string(why)],
            subresource: "status")
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] request, finish in self?.sync(request, finish) }
        queue?.add(all: cluster.cache[Self.storage])
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == Self.storage, change.kind != .deleted { queue?.add(change.object.path) }
    }

    private func sync(_ name: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: Self.storage),
            let request = cluster.object(Self.storage, namespace: "", name: name), let step = step(request)
        else { return finish(.done) }
        var path = "status"
        if case .condition(_, let subresource) = step { path = subresource }
        let version = request.at("metadata", "resourceVersion")
        let change = { (request: inout JSONValue) throws(APIStatus) -> Bool in
            // What was decided is about this version alone; a later one is looked at again.
            guard request.at("metadata", "resourceVersion") == version else { return false }
            switch step {
            case .condition(let condition, _): request.append(condition, at: "status", "conditions")
            case .certificate(let pem): request.set(.base64(pem.utf8), at: "status", "certificate")
            }
            return true
        }
        cluster.perform(.modify(type, subresource: path, namespace: "", name: name, change)) { result in
            if case .failure(let status) = result, status.code != 404 {
                cluster.log.warning("certificate request was not written", ["name": name, "error": status.message])
                return finish(.retry)
            }
            finish(.done)
        }
    }
}

/// What has been said about a request.
enum CertificateVerdict {
    case pending, approved, denied

    init(_ request: JSONValue) {
        if request.condition("Denied") != nil {
            self = .denied
        } else {
            self = request.condition("Approved") != nil ? .approved : .pending
        }
    }
}
