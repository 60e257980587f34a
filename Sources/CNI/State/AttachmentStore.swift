internal import Glibc
package import JSON
package import Linux

/// A file for each attachment: what one plugin keeps of it. The key is the whole (network, container, interface), so
/// that no two attachments ever share state.
package struct AttachmentStore: Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    package func save(_ state: JSONObject, for attachment: Attachment) throws(SystemError) {
        let (path, bytes) = (path(attachment), Array(JSONValue.object(state).serialized().utf8))
        do { try Files.store(path, bytes) } catch  where error.isNotFound {
            try Files.makeDirectories(folder(attachment.network), mode: 0o700)
            try Files.store(path, bytes)
        }
    }

    /// Nil when there is none, or only what a crash left of one.
    package func load(_ attachment: Attachment) throws(SystemError) -> JSONObject? {
        let bytes: [UInt8]
        do { bytes = try Files.read(path(attachment)) } catch  where error.isNotFound || isTooLong(error) { return nil }
        return (try? JSONValue.parse(bytes))?.object
    }

    /// One that is absent is no error.
    package func remove(_ attachment: Attachment) throws(SystemError) {
        do { try Files.remove(path(attachment)) } catch  where isTooLong(error) {}
    }

    /// An id that no file name can hold has never been attached; its DEL succeeds like any other's.
    private func isTooLong(_ error: SystemError) -> Bool { error.errno == Errno(ENAMETOOLONG) }

    /// The attachments of a network, given by its name or its key, that are kept here, in order.
    package func attachments(of network: String) throws(SystemError) -> [Attachment] {
        let names: [String]
        do { names = try Files.list(folder(network)) } catch  where error.isNotFound { return [] }
        return names.sorted().compactMap { name in
            // A colon is in no container ID and in no interface name.
            guard let colon = name.firstIndex(of: ":") else { return nil }
            return Attachment(
                network: network, containerID: String(name[..<colon]),
                interfaceName: String(name[name.index(after: colon)...]))
        }
    }

    /// Forgets the attachments of a network that are not valid any more, each after `remove` has taken away what it had.
    package func collect(
        _ network: String, keeping valid: Set<Attachment>, removing remove: (Attachment) throws -> Void = { _ in }
    ) throws {
        for attachment in try attachments(of: network) where !valid.contains(attachment) {
            try remove(attachment)
            try self.remove(attachment)
        }
    }

    private func folder(_ network: String) -> String { "\(directory)/\(PathKey.name(NetworkKey(network).text))" }

    private func path(_ attachment: Attachment) -> String {
        "\(folder(attachment.network))/\(attachment.containerID):\(attachment.interfaceName)"
    }
}
