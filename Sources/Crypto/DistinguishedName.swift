internal import COpenSSL

/// Of a subject's or issuer's name what Kubernetes reads: CN is the user, each O a group (X.509 client certificates).
package struct DistinguishedName: Hashable, Sendable {
    /// The last CN, as Go reads it; empty when there is none.
    package var commonName: String
    package var organizations: [String]

    package init(commonName: String, organizations: [String] = []) {
        self.commonName = commonName
        self.organizations = organizations
    }

    init(_ name: OpaquePointer?) {
        commonName = Self.entries(of: name, NID_commonName).last ?? ""
        organizations = Self.entries(of: name, NID_organizationName)
    }

    private static func entries(of name: OpaquePointer?, _ identifier: Int32) -> [String] {
        var values: [String] = []
        var index: Int32 = -1
        while true {
            index = X509_NAME_get_index_by_NID(name, identifier, index)
            if index < 0 { return values }
            var text: UnsafeMutablePointer<UInt8>?
            let length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)))
            guard length >= 0, let text else { continue }
            values.append(String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self))
            CRYPTO_free(text, "", 0)
        }
    }

    /// Adds the entries to an X509_NAME: organizations first, as OpenSSL and Go print them.
    func write(to name: OpaquePointer?) throws(CryptoError) {
        let entries = organizations.map { ("O", $0) } + (commonName.isEmpty ? [] : [("CN", commonName)])
        for (field, value) in entries {
            let bytes = Array(value.utf8)
            try check(
                X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0),
                "write", "the name \"\(value)\"")
        }
    }
}
