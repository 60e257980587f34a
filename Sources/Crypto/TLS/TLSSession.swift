internal import COpenSSL

/// TLS on one connection, whose socket does not block.
package final class TLSSession {
    package enum Handshake {
        case done
        case wantsInput
        case wantsOutput
        /// The client spoke HTTP without TLS.
        case plainHTTP
        /// Why, in OpenSSL's words. The client has been told by an alert, if it listens.
        case failed(String)
    }

    package enum Transfer {
        /// So many bytes; at least one.
        case bytes(Int)
        case wantsInput
        /// TLS itself has something to say first.
        case wantsOutput
        /// The client has closed properly.
        case ended
        case broken
    }

    private let ssl: OpaquePointer

    init(_ ssl: OpaquePointer, isClient: Bool = false) {
        self.ssl = ssl
        if isClient { SSL_set_connect_state(ssl) } else { SSL_set_accept_state(ssl) }
    }

    deinit { SSL_free(ssl) }

    /// Goes on with the handshake as far as the socket allows.
    package func handshake() -> Handshake {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        if result == 1 { return .done }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsInput
        case SSL_ERROR_WANT_WRITE: return .wantsOutput
        default:
            let isPlainHTTP = poplin_tls_got_plain_http() == 1
            let reason = ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) }
            ERR_clear_error()
            return isPlainHTTP ? .plainHTTP : .failed(reason ?? "the connection broke")
        }
    }

    /// Whether the handshake has agreed on HTTP/2.
    package var speaksHTTP2: Bool { poplin_tls_speaks_http2(ssl) == 1 }

    /// Whether bytes have been decrypted and not read: the socket's readiness does not tell of them.
    package var hasPending: Bool { SSL_pending(ssl) > 0 }

    /// Whether there are bytes, decrypted or not, that have left the socket and not been read. They may be the beginning of
    /// a record, of which nothing can be read yet.
    package var holdsInput: Bool { SSL_has_pending(ssl) == 1 }

    package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let count = SSL_read(ssl, buffer.baseAddress, CInt(clamping: buffer.count))
        return count > 0 ? .bytes(Int(count)) : unfinished(count)
    }

    /// When the socket is full, the same bytes are to be given again, at whatever address.
    package func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let count = SSL_write(ssl, bytes.baseAddress, CInt(clamping: bytes.count))
        return count > 0 ? .bytes(Int(count)) : unfinished(count)
    }

    /// Tells the client that nothing more comes.
    package func sayGoodbye() {
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
        ERR_clear_error()
    }

    private func unfinished(_ result: CInt) -> Transfer {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsInput
        case SSL_ERROR_WANT_WRITE: return .wantsOutput
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            ERR_clear_error()
            return .broken
        }
    }

    /// What the client has shown of itself; after the handshake.
    package var peerCertificate: PeerCertificate {
        guard let certificate = SSL_get0_peer_certificate(ssl) else { return .none }
        let result = SSL_get_verify_result(ssl)
        guard result == Int(X509_V_OK) else {
            let reason = X509_verify_cert_error_string(result).map { String(cString: $0) }
            return .untrusted(reason ?? "error \(result)")
        }
        do throws(CryptoError) {
            let subject = DistinguishedName(X509_get_subject_name(certificate))
            let der = try encoded("read", "a client's certificate") { i2d_X509(certificate, $0) }
            return .verified(
                ClientCertificate(commonName: subject.commonName, organizations: subject.organizations, der: der))
        } catch {
            return .untrusted(error.description)
        }
    }
}
