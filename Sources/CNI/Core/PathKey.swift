/// Turns a text into one component of a path, the same text always into the same. Different texts of at most 200 bytes,
/// escaped, never share one; longer ones have 64 bits of digest to tell them apart, which chance does not bring together
/// and somebody who means to can.
enum PathKey {
    /// Slashes and percent signs are escaped. What would be too long for a file name ends in a digest instead.
    static func name(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "/"): bytes += Array("%2F".utf8)
            case UInt8(ascii: "%"): bytes += Array("%25".utf8)
            default: bytes.append(byte)
            }
        }
        let name = String(decoding: bytes, as: UTF8.self)
        if bytes.count <= 200 && name != "." && name != ".." && !name.isEmpty { return name }
        return "\(String(decoding: bytes.prefix(150), as: UTF8.self))%\(String(Digest.fnv1a(text.utf8), radix: 16))"
    }
}
