package import JSON
package import Linux

/// Keeps the configuration with which each attachment was made, so that a DEL undoes what the ADD did, whatever the
/// daemon, its files or the network's configuration have become since. A file per attachment, `NETWORK/ID:INTERFACE`.
package struct AttachmentStore: Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    package func save(_ config: JSONObject, for attachment: Attachment) throws(SystemError) {
        try Files.makeDirectories("\(directory)/\(PathKey.name(attachment.network))", mode: 0o700)
        // Not synced: what a power failure takes away, the reboot has taken away in the kernel as well.
        try Files.replace(path(attachment), JSONValue.object(config).serialized().utf8)
    }

    /// nil when there is none, or only what a crash left of it.
    package func load(_ attachment: Attachment) throws(SystemError) -> JSONObject? {
        let bytes: [UInt8]
        do { bytes = try Files.read(path(attachment)) } catch  where error.isNotFound { return nil }
        return (try? JSONValue.parse(bytes))?.object
    }

    /// One that is absent is no error.
    package func remove(_ attachment: Attachment) throws(SystemError) { try Files.remove(path(attachment)) }

    /// The attachments of a network that are kept here, in no order.
    package func attachments(of network: String) throws(SystemError) -> [Attachment] {
        let names: [String]
        do { names = try Files.list("\(directory)/\(PathKey.name(network))") } catch  where error.isNotFound {
            return []
        }
        return names.compactMap { name in
            guard !name.hasSuffix(".tmp"), let colon = name.firstIndex(of: ":") else { return nil }
            return Attachment(
                network: network, containerID: String(name[..<colon]),
                interfaceName: String(name[name.index(after: colon)...]))
        }
    }

    private func path(_ attachment: Attachment) -> String {
        "\(directory)/\(PathKey.name(attachment.network))/\(attachment.containerID):\(attachment.interfaceName)"
    }
}
