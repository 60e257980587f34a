internal import COpenSSL

/// TLS towards a server whose certificate is checked, or, where nobody could say by what, is not.
package final class TLSClientContext {
    private let context: OpaquePointer
    private let isVerifying: Bool

    /// One that shows a certificate when it is asked. `authorities` are PEM, whom the server's certificate must be from; nil
    /// takes any, as kubelets' are often their own. HTTP/2 is asked for on demand only.
    package convenience init(
        certificate: Certificate, key: PrivateKey, authorities: [UInt8]?, asksHTTP2: Bool = false
    ) throws(CryptoError) {
        try self.init(isVerifying: authorities != nil)
        if asksHTTP2 { try check(poplin_tls_ask_http2(context), "configure", "a TLS context") }
        let handle = try Certificate.handle(certificate.der)
        try check(SSL_CTX_use_certificate(context, handle.pointer), "use", "the client's certificate")
        try check(SSL_CTX_use_PrivateKey(context, key.handle), "use", "the client's key")
        guard let authorities else { return }
        let store = SSL_CTX_get_cert_store(context)
        for authority in try Certificate.all(pem: String(decoding: authorities, as: UTF8.self)) {
            let handle = try Certificate.handle(authority.der)
            try check(X509_STORE_add_cert(store, handle.pointer), "trust", "the server's authorities")
        }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    }

    /// One that shows nothing of itself and takes any certificate.
    package convenience init() throws(CryptoError) { try self.init(isVerifying: false) }

    private init(isVerifying: Bool) throws(CryptoError) {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .last("make", "a TLS context") }
        self.context = context
        self.isVerifying = isVerifying
        guard poplin_tls_configure(context) == 1 else { throw .last("configure", "a TLS context") }
    }

    deinit { SSL_CTX_free(context) }

    /// TLS on a connected socket, which stays its owner's. The server's certificate must be for this address.
    package func session(on socket: CInt, address: String) throws(CryptoError) -> TLSSession {
        guard let ssl = SSL_new(context), SSL_set_fd(ssl, socket) == 1 else { throw .last("start", "a TLS session") }
        let session = TLSSession(ssl, isClient: true)
        if isVerifying {
            try check(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address), "expect", "the address \(address)")
        }
        return session
    }
}
