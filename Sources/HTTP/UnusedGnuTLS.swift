/// Debian's libcurl brings GnuTLS along for RTMP and LDAP, which nothing here speaks; its constructor costs 1.5 MiB of
/// memory and a millisecond. GnuTLS asks the program by this name whether to leave that out (gnutls.h,
/// GNUTLS_SKIP_GLOBAL_INIT); TLS itself is OpenSSL's.
@_cdecl("_gnutls_global_init_skip")
public func skipUnusedGnuTLS() -> CInt { 1 }
