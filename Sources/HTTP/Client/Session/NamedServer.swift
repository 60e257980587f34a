/// A URL whose server goes by another name in TLS: connect to the one, check the other.
struct NamedServer: Hashable {
    /// The URL with the name for TLS in the host's place.
    var url: String
    /// The Host header: what the URL said.
    var host: String
    /// CURLOPT_CONNECT_TO's `host:port:address:port`, the first two empty for all.
    var connectTo: String

    /// Nil for what is no URL.
    init?(_ url: String, as name: String) {
        guard let separator = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<separator.lowerBound]
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let address = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let port: Substring
        let server: Substring
        // The colons of an IPv6 address are within brackets.
        if let colon = address.lastIndex(of: ":"), !address[colon...].contains("]") {
            (server, port) = (address[..<colon], address[address.index(after: colon)...])
        } else {
            (server, port) = (address, scheme == "https" ? "443" : "80")
        }
        if server.isEmpty || name.isEmpty { return nil }
        self.url = "\(scheme)://\(name):\(port)\(rest[authority.endIndex...])"
        host = String(address)
        connectTo = "::\(server):\(port)"
    }
}
