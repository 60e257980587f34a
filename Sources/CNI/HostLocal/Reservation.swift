package import NetTypes

/// The owner of an address, as a reservation's file says it: `<container id>\r\n<interface>`. Files of old versions
/// have the id alone.
package struct Reservation: Hashable, Sendable {
    package var containerID: String
    /// nil in files of old versions.
    package var interfaceName: String?

    package init(containerID: String, interfaceName: String?) {
        self.containerID = containerID
        self.interfaceName = interfaceName
    }

    /// nil for what a crash leaves behind: nothing, zeros, half a character.
    package init?(contents: [UInt8]) {
        guard !contents.contains(0), let text = String(validating: contents, as: UTF8.self) else { return nil }
        let trimmed = text.utf8.trimmed
        if trimmed.isEmpty { return nil }
        let bytes = Array(trimmed)
        // The reference plugin compares whole contents, so only its own separator separates.
        guard let end = bytes.indices.dropLast().first(where: { bytes[$0] == 13 && bytes[$0 + 1] == 10 }) else {
            self.init(containerID: String(decoding: bytes, as: UTF8.self), interfaceName: nil)
            return
        }
        self.init(
            containerID: String(decoding: bytes[..<end], as: UTF8.self),
            interfaceName: String(decoding: bytes[(end + 2)...], as: UTF8.self))
    }

    package var contents: String { interfaceName.map { "\(containerID)\r\n\($0)" } ?? containerID }

    /// The name of the file in which the reservation of an address is: Go's text of the address.
    package static func fileName(_ address: IPAddress) -> String { "\(address)" }
}

extension Collection<UInt8> {
    /// Without white space at both ends.
    fileprivate var trimmed: SubSequence {
        let isSpace = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
        guard let start = firstIndex(where: { !isSpace($0) }) else { return self[endIndex...] }
        var end = start
        var index = start
        while index != endIndex {
            let following = self.index(after: index)
            if !isSpace(self[index]) { end = following }
            index = following
        }
        return self[start..<end]
    }
}
