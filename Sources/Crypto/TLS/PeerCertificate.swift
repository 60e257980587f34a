/// What a TLS client has shown of itself. TLS has proved that it holds the key in either case.
package enum PeerCertificate: Hashable, Sendable {
    case none
    /// Issued by one of the authorities that clients are checked against, in force, and for clients.
    case verified(ClientCertificate)
    /// There is one, but it proves nothing; why. Such a client is to be told so and not taken for an anonymous one.
    case untrusted(String)

    package var verified: ClientCertificate? {
        if case .verified(let certificate) = self { certificate } else { nil }
    }
}

/// A client's certificate, as far as it says who the client is.
package struct ClientCertificate: Hashable, Sendable {
    /// The subject's CN; the last one when there are several, empty when there is none.
    package var commonName: String
    /// All of the subject's O, in order.
    package var organizations: [String]
    /// The certificate itself, in DER.
    package var der: [UInt8]

    package init(commonName: String, organizations: [String], der: [UInt8]) {
        self.commonName = commonName
        self.organizations = organizations
        self.der = der
    }
}
