// TLS servers: OpenSSL's macros, and callbacks that need no Swift.
#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Versions, ciphers and modes. No resumption: a session would outlive a change of the clients' authorities. Buffers are
// released while a connection waits, which halves the memory of an idle one.
static inline int poplin_tls_configure(SSL_CTX *context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    return SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
}

// ALPN: h2 before http/1.1; another protocol is refused (RFC 7301, section 3.2).
static inline int poplin_tls_select(SSL *ssl, const unsigned char **out, unsigned char *length,
                                    const unsigned char *offered, unsigned int offered_length, void *context) {
    // The answer points into this list, which has to outlive the call.
    static const unsigned char known[] = "\x02h2\x08http/1.1";
    int skip = context ? 0 : 3;
    if (SSL_select_next_proto((unsigned char **)out, length, known + skip, sizeof known - 1 - skip, offered,
                              offered_length) == OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_OK;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static inline void poplin_tls_offer_http(SSL_CTX *context, int with_http2) {
    static char yes;
    SSL_CTX_set_alpn_select_cb(context, poplin_tls_select, with_http2 ? &yes : NULL);
}

static inline int poplin_tls_ask_http2(SSL_CTX *context) {
    static const unsigned char h2[] = "\x02h2";
    return SSL_CTX_set_alpn_protos(context, h2, sizeof h2 - 1) == 0;
}

static inline int poplin_tls_speaks_http2(const SSL *ssl) {
    const unsigned char *name;
    unsigned int length;
    SSL_get0_alpn_selected(ssl, &name, &length);
    return length == 2 && name[0] == 'h' && name[1] == '2';
}

// Looks at a client's certificate without ending the handshake over it; SSL_get_verify_result has what was found.
static inline int poplin_tls_verify(X509_STORE_CTX *check, void *unused) {
    if (X509_verify_cert(check) <= 0 && X509_STORE_CTX_get_error(check) == X509_V_OK)
        X509_STORE_CTX_set_error(check, X509_V_ERR_UNSPECIFIED);
    return 1;
}

// Asks clients for a certificate, which they need not have. What is in the context's store is trusted, also an authority
// that another one has signed.
static inline void poplin_tls_ask_clients(SSL_CTX *context) {
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, poplin_tls_verify, NULL);
    static const unsigned char name[] = "poplin";
    SSL_CTX_set_session_id_context(context, name, sizeof name - 1);
}

// What a server's socket has is read in one call, not each record in two. Who reads must ask for more until there is none.
static inline void poplin_tls_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

static inline int poplin_tls_add_chain(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

// Whether the last handshake failed because the client spoke HTTP without TLS.
static inline int poplin_tls_got_plain_http(void) {
    unsigned long error = ERR_peek_error();
    return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST;
}
