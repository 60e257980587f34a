/// Short digests for names that must be the same each time and different for each attachment.
package enum Digest {
    /// FNV-1a, 64 bits.
    package static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The digest of a text as sixteen hex digits.
    package static func digits(_ text: String) -> String {
        let digits = String(fnv1a(text.utf8), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Twelve hex digits that stand for an attachment. The parts are separated, so that ("ab", "c") is not ("a", "bc").
    package static func name(_ attachment: Attachment) -> String {
        String(digits("\(attachment.network)\0\(attachment.containerID)\0\(attachment.interfaceName)").prefix(12))
    }
}
