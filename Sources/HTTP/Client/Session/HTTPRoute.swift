/// How a request reaches its server: by which proxy, and whom TLS believes and shows.
package struct HTTPRoute: Hashable, Sendable {
    /// Authorities that the server's certificate must come from; nil for the system's.
    package var authority: PEM?
    /// Our own certificate, with its chain, for servers that ask for one.
    package var certificate: PEM?
    package var key: PEM?
    /// The name that the server's certificate must have, when it is not the URL's.
    package var serverName: String?
    /// False believes every server.
    package var verifiesServer = true
    /// `http://`, `https://` or `socks5h://` and an address; nil goes to the server itself, whatever the environment says.
    package var proxy: String?

    package init(authority: PEM? = nil, certificate: PEM? = nil, key: PEM? = nil) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }

    /// Certificates or a key in PEM. A file is read at each new connection.
    package enum PEM: Hashable, Sendable {
        case file(String)
        case text([UInt8])
    }
}
