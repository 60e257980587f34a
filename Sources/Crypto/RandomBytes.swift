internal import COpenSSL

package enum RandomBytes {
    /// Bytes that nobody can guess. OpenSSL fails here only when the kernel has no entropy to give, which is an error.
    package static func generate(_ count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .last("generate", "random bytes") }
        return bytes
    }

    /// Whether two secrets are equal, in a time that does not tell where they differ.
    package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
    }
}
