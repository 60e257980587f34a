internal import COpenSSL
package import NetTypes

/// The subject's alternative names (RFC 5280, section 4.2.1.6): where a server may be found.
package struct SubjectNames: Hashable, Sendable {
    package var dns: [String]
    package var addresses: [IPAddress]
    package var emails: [String] = []
    package var uris: [String] = []

    package init(dns: [String] = [], addresses: [IPAddress] = []) {
        self.dns = dns
        self.addresses = addresses
    }

    package var isEmpty: Bool { self == SubjectNames() }

    /// From GENERAL_NAMES, which may be nil.
    init(_ names: OpaquePointer?) {
        self.init()
        for index in 0..<max(0, OPENSSL_sk_num(names)) {
            guard let element = OPENSSL_sk_value(names, index) else { continue }
            let name = element.assumingMemoryBound(to: GENERAL_NAME.self)
            var kind: Int32 = 0
            guard let value = GENERAL_NAME_get0_value(name, &kind) else { continue }
            guard [GEN_DNS, GEN_IPADD, GEN_EMAIL, GEN_URI].contains(kind) else { continue }
            let string = value.assumingMemoryBound(to: ASN1_STRING.self)
            let bytes = Array(
                UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
            switch kind {
            case GEN_DNS: dns.append(String(decoding: bytes, as: UTF8.self))
            case GEN_EMAIL: emails.append(String(decoding: bytes, as: UTF8.self))
            case GEN_URI: uris.append(String(decoding: bytes, as: UTF8.self))
            default: if let address = IPAddress(octets: bytes) { addresses.append(address) }
            }
        }
    }

    /// The extension's GENERAL_NAMES; the caller frees it.
    func encode() throws(CryptoError) -> OpaquePointer {
        guard let names = OPENSSL_sk_new_null() else { throw .last("write", "the alternative names") }
        for name in dns { try Self.add(GEN_DNS, V_ASN1_IA5STRING, Array(name.utf8), to: names) }
        for address in addresses { try Self.add(GEN_IPADD, V_ASN1_OCTET_STRING, address.octets, to: names) }
        for email in emails { try Self.add(GEN_EMAIL, V_ASN1_IA5STRING, Array(email.utf8), to: names) }
        for uri in uris { try Self.add(GEN_URI, V_ASN1_IA5STRING, Array(uri.utf8), to: names) }
        return names
    }

    private static func add(_ kind: Int32, _ type: Int32, _ bytes: [UInt8], to names: OpaquePointer)
        throws(CryptoError)
    {
        let string = ASN1_STRING_type_new(type)
        let name = GENERAL_NAME_new()
        guard ASN1_STRING_set(string, bytes, Int32(bytes.count)) == 1, name != nil else {
            throw .last("write", "an alternative name")
        }
        GENERAL_NAME_set0_value(name, kind, string)
        OPENSSL_sk_push(names, name)
    }
}
