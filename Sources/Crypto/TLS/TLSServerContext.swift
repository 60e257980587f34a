internal import COpenSSL

/// What a server shows of itself in TLS and whom it believes: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
///
/// A client certificate is asked for when there are authorities, and is optional; one that is not good does not end the
/// handshake, as with kube-apiserver, but is reported (`PeerCertificate`).
package final class TLSServerContext {
    private var context: OpaquePointer

    /// - Parameters:
    ///   - certificate: PEM, the server's own first, then those that lead to an authority.
    ///   - key: PEM, its private key.
    ///   - clientAuthorities: PEM; nil when clients are not asked for a certificate.
    ///   - offersHTTP2: whether clients may choose HTTP/2.
    /// - Throws: when one of them cannot be read, or the key is not the certificate's.
    package init(certificate: [UInt8], key: [UInt8], clientAuthorities: [UInt8]? = nil, offersHTTP2: Bool = true)
        throws(CryptoError)
    {
        context = try Self.make(certificate, key, clientAuthorities, offersHTTP2)
    }

    deinit { SSL_CTX_free(context) }

    /// Replaces everything for connections to come; those that are there go on as they are. Throws, and changes nothing,
    /// when the new one cannot be used.
    package func reload(
        certificate: [UInt8], key: [UInt8], clientAuthorities: [UInt8]? = nil, offersHTTP2: Bool = true
    ) throws(CryptoError) {
        let new = try Self.make(certificate, key, clientAuthorities, offersHTTP2)
        SSL_CTX_free(context)
        context = new
    }

    /// TLS on an accepted connection's socket, which stays its owner's.
    package func session(on socket: CInt) throws(CryptoError) -> TLSSession {
        guard let ssl = SSL_new(context), SSL_set_fd(ssl, socket) == 1 else { throw .last("start", "a TLS session") }
        return TLSSession(ssl)
    }

    private static func make(
        _ certificate: [UInt8], _ key: [UInt8], _ clientAuthorities: [UInt8]?, _ offersHTTP2: Bool
    ) throws(CryptoError) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw .last("make", "a TLS context") }
        do throws(CryptoError) {
            guard poplin_tls_configure(context) == 1 else { throw .last("configure", "a TLS context") }
            poplin_tls_offer_http(context, offersHTTP2 ? 1 : 0)
            poplin_tls_read_ahead(context)
            try use(certificate, key, context)
            if let clientAuthorities { try trust(clientAuthorities, context) }
            return context
        } catch {
            SSL_CTX_free(context)
            throw error
        }
    }

    private static func use(_ certificate: [UInt8], _ key: [UInt8], _ context: OpaquePointer) throws(CryptoError) {
        for (index, certificate) in try certificates(certificate, "the server's certificate").enumerated() {
            let handle = try Certificate.handle(certificate.der)
            try check(
                index == 0
                    ? SSL_CTX_use_certificate(context, handle.pointer) : poplin_tls_add_chain(context, handle.pointer),
                "use", "the server's certificate")
        }
        let key = try PrivateKey(pem: String(decoding: key, as: UTF8.self))
        try check(SSL_CTX_use_PrivateKey(context, key.handle), "use", "the server's key")
        try check(SSL_CTX_check_private_key(context), "use", "the server's key")
    }

    private static func trust(_ authorities: [UInt8], _ context: OpaquePointer) throws(CryptoError) {
        let store = SSL_CTX_get_cert_store(context)
        for authority in try certificates(authorities, "the clients' authorities") {
            let handle = try Certificate.handle(authority.der)
            try check(X509_STORE_add_cert(store, handle.pointer), "trust", "the clients' authorities")
            // The names go to clients, so that one with several certificates knows which to show.
            try check(SSL_CTX_add_client_CA(context, handle.pointer), "name", "the clients' authorities")
        }
        poplin_tls_ask_clients(context)
    }

    private static func certificates(_ pem: [UInt8], _ object: String) throws(CryptoError) -> [Certificate] {
        let certificates = try Certificate.all(pem: String(decoding: pem, as: UTF8.self))
        if certificates.isEmpty { throw CryptoError("read", object, "there is no certificate") }
        return certificates
    }
}
