/// The rules of the specification for what may be a name. Names become parts of paths, so nothing else is let in.
package enum Names {
    package static func checkContainerID(_ id: String) throws(CNIError) {
        if id.isEmpty { throw CNIError(.unknownContainer, "missing containerID") }
        if !isIdentifier(id) {
            throw CNIError(.invalidEnvironment, "invalid characters in containerID", details: id)
        }
    }

    package static func checkNetworkName(_ name: String) throws(CNIError) {
        if name.isEmpty { throw CNIError(.invalidConfig, "missing network name") }
        if !isIdentifier(name) {
            throw CNIError(.invalidConfig, "invalid characters found in network name", details: name)
        }
    }

    /// The kernel's rule (dev_valid_name) and the specification's: 1 to 15 bytes, no `/`, `:` or white space. And no
    /// `%`: the kernel takes `eth%d` for a pattern and makes an interface with another name.
    package static func checkInterfaceName(_ name: String) throws(CNIError) {
        func refuse(_ why: String) -> CNIError { CNIError(.invalidEnvironment, why, details: name) }
        if name.isEmpty { throw refuse("interface name is empty") }
        if name.utf8.count > 15 { throw refuse("interface name is too long") }
        if name == "." || name == ".." { throw refuse("interface name is . or ..") }
        let isForbidden = { (byte: UInt8) in
            "/: %".utf8.contains(byte) || (9...13).contains(byte)
        }
        if name.utf8.contains(where: isForbidden) {
            throw refuse("interface name contains / or : or % or whitespace characters")
        }
    }

    /// `^[a-zA-Z0-9][a-zA-Z0-9_.\-]*$`
    private static func isIdentifier(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
    }
}
