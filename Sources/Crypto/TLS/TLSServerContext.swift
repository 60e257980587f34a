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
            try use(certificate, key, context)
            if let clientAuthorities { try trust(clientAuthorities, context) }
            return context
        } catch {
            SSL_CTX_free(context)
            throw error
        }
    }

    private static func use(_ certificate: [UInt8], _ key: [UInt8], _ context: OpaquePointer) throws(CryptoError) {
        let chain = try PEMCertificates(certificate, "the server's certificate")
        for (index, certificate) in chain.certificates.enumerated() {
            let done =
                index == 0
                ? SSL_CTX_use_certificate(context, certificate) : poplin_tls_add_chain(context, certificate)
            if done != 1 { throw .last("use", "the server's certificate") }
        }
        guard let reader = BIO_new_mem_buf(key, CInt(clamping: key.count)) else {
            throw .last("read", "the server's key")
        }
        defer { BIO_free(reader) }
        // Without a callback OpenSSL would ask a person for the passphrase of an encrypted key.
        guard let key = PEM_read_bio_PrivateKey(reader, nil, { _, _, _, _ in -1 }, nil) else {
            throw .last("read", "the server's key")
        }
        defer { EVP_PKEY_free(key) }
        guard SSL_CTX_use_PrivateKey(context, key) == 1, SSL_CTX_check_private_key(context) == 1 else {
            throw .last("use", "the server's key")
        }
    }

    private static func trust(_ authorities: [UInt8], _ context: OpaquePointer) throws(CryptoError) {
        let authorities = try PEMCertificates(authorities, "the clients' authorities")
        let store = SSL_CTX_get_cert_store(context)
        for authority in authorities.certificates {
            // The names go to clients, so that one with several certificates knows which to show.
            guard X509_STORE_add_cert(store, authority) == 1, SSL_CTX_add_client_CA(context, authority) == 1 else {
                throw .last("trust", "the clients' authorities")
            }
        }
        poplin_tls_ask_clients(context)
    }
}

/// Certificates out of PEM text, at least one.
private final class PEMCertificates {
    private(set) var certificates: [OpaquePointer] = []

    init(_ text: [UInt8], _ object: String) throws(CryptoError) {
        guard let reader = BIO_new_mem_buf(text, CInt(clamping: text.count)) else { throw .last("read", object) }
        defer { BIO_free(reader) }
        while let certificate = PEM_read_bio_X509(reader, nil, { _, _, _, _ in -1 }, nil) {
            certificates.append(certificate)
        }
        // The end of the text is an error too, and the only one that is none.
        guard !certificates.isEmpty, poplin_pem_is_at_end() == 1 else { throw .last("read", object) }
        ERR_clear_error()
    }

    deinit { for certificate in certificates { X509_free(certificate) } }
}
