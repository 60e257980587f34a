/// Certificates and keys, as paths of PEM files; nil where the system's defaults or nothing shall be used.
package struct TLSFiles: Hashable, Sendable {
    /// Authorities that a server's certificate must come from.
    package var authority: String?
    /// Our own certificate, with its chain, for servers that ask for one.
    package var certificate: String?
    package var key: String?

    package init(authority: String? = nil, certificate: String? = nil, key: String? = nil) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }
}
