internal import Crypto
internal import Daemon
internal import HTTP
internal import KubeAPI

/// How this server reaches what is behind it: kubelets, and through them, containers; pods; Services.
final class Connections {
    private let loop: EventLoop
    /// Shows kubelets who we are; asked each time, as certificates are renewed.
    private let kubeletTLS: () throws(CryptoError) -> TLSClientContext
    private let unverifiedTLS: () throws(CryptoError) -> TLSClientContext
    /// For tests, whose pods are on this machine.
    let allowsLoopback: Bool

    init(
        _ loop: EventLoop, kubeletTLS: @escaping () throws(CryptoError) -> TLSClientContext,
        unverifiedTLS: @escaping () throws(CryptoError) -> TLSClientContext, allowsLoopback: Bool = false
    ) {
        self.loop = loop
        self.kubeletTLS = kubeletTLS
        self.unverifiedTLS = unverifiedTLS
        self.allowsLoopback = allowsLoopback
    }

    /// Throws, in words, when it cannot even be tried.
    func open(_ backend: Backend, _ request: HTTPBackend.Request, _ handler: @escaping (HTTPBackend.Event) -> Void)
        throws(APIStatus) -> HTTPBackend
    {
        let address = ListenAddress(backend.address, port: backend.port)
        do {
            let tls: TLSClientContext? =
                switch backend.security {
                case .plain: nil
                case .kubelet: try kubeletTLS()
                case .unverified: try unverifiedTLS()
                }
            return try HTTPBackend(loop, to: address, tls: tls, request, handler: handler)
        } catch {
            throw .internalError("error dialing backend: \(error)")
        }
    }
}
