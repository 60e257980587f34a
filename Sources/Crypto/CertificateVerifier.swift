internal import COpenSSL

/// Says whether a certificate leads to one of a set of authorities (RFC 5280, section 6).
package final class CertificateVerifier: Sendable {
    package enum Purpose: Hashable, Sendable {
        case server
        case client
    }

    /// An X509_STORE, which locks itself.
    private nonisolated(unsafe) let store: OpaquePointer

    package init(roots: [Certificate]) throws(CryptoError) {
        let store = try Handle(X509_STORE_new(), X509_STORE_free, "make", "a set of authorities")
        for root in roots {
            let certificate = try Certificate.handle(root.der)
            try check(X509_STORE_add_cert(store.pointer, certificate.pointer), "add", "an authority")
        }
        // An authority of the set ends the chain even when another one signed it, as in Go.
        try check(X509_STORE_set_flags(store.pointer, UInt(X509_V_FLAG_PARTIAL_CHAIN)), "make", "a set of authorities")
        X509_STORE_up_ref(store.pointer)
        self.store = store.pointer
    }

    deinit { X509_STORE_free(store) }

    /// Throws, with OpenSSL's reason, unless the first certificate, by way of the others, leads to an authority, all are
    /// valid at this time (seconds since 1970), and it may be used for the purpose.
    package func verify(_ chain: [Certificate], for purpose: Purpose, at time: Int) throws(CryptoError) {
        guard let leaf = chain.first else { throw CryptoError("verify", "a certificate", "there is none") }
        let object = "the certificate of \"\(leaf.subject.commonName)\""
        let certificate = try Certificate.handle(leaf.der)
        let others = try Handle(OPENSSL_sk_new_null(), { OPENSSL_sk_free($0) }, "verify", object)
        // The stack borrows; the handles live to the end of this call.
        var owned: [OpaquePointer] = []
        defer { for pointer in owned { X509_free(pointer) } }
        for certificate in chain.dropFirst().prefix(Self.longestChain) {
            let handle = try Certificate.handle(certificate.der)
            X509_up_ref(handle.pointer)
            owned.append(handle.pointer)
            OPENSSL_sk_push(others.pointer, UnsafeRawPointer(handle.pointer))
        }
        let context = try Handle(X509_STORE_CTX_new(), X509_STORE_CTX_free, "verify", object)
        try check(X509_STORE_CTX_init(context.pointer, store, certificate.pointer, others.pointer), "verify", object)
        let parameters = X509_STORE_CTX_get0_param(context.pointer)
        let use = purpose == .client ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER
        try check(X509_VERIFY_PARAM_set_purpose(parameters, use), "verify", object)
        X509_VERIFY_PARAM_set_time(parameters, time)
        X509_VERIFY_PARAM_set_depth(parameters, Int32(Self.longestChain))
        defer { ERR_clear_error() }
        if X509_verify_cert(context.pointer) == 1 { return }
        let reason = X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(context.pointer)))
        throw CryptoError("verify", object, reason.map { String(cString: $0) } ?? "no reason given")
    }

    /// Between leaf and authority; clients send one or two, and whoever sends thousands only wants work done.
    private static let longestChain = 8
}
