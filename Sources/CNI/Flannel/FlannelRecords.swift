internal import Glibc
internal import JSON
internal import Linux

/// The delegate configurations that `flannel` replays at a DEL, where its own plugin has them too: a file named by the
/// container id.
///
/// That name has no interface in it, so a second interface would overwrite the first one's record. Here the record is
/// `ID:INTERFACE`, and the plain name is a second link to the first interface's record, so that flannel's plugin can
/// do our DEL. A plain file with one link is flannel's own, and we do its DEL.
struct FlannelRecords {
    let directory: String

    func save(_ config: JSONObject, for attachment: Attachment) throws(SystemError) {
        try Files.makeDirectories(directory, mode: 0o700)
        let path = own(attachment)
        try Files.store(path, JSONValue.object(config).serialized().utf8)
        do { try Files.link(path, as: plain(attachment)) } catch  where error.isAlreadyExists {}
    }

    /// nil when there is no record, or only what a crash left of one.
    func load(_ attachment: Attachment) throws(SystemError) -> JSONObject? {
        if let bytes = try read(own(attachment)) { return (try? JSONValue.parse(bytes))?.object }
        guard try isForeign(attachment), let bytes = try read(plain(attachment)) else { return nil }
        return (try? JSONValue.parse(bytes))?.object
    }

    func remove(_ attachment: Attachment) throws(SystemError) {
        let plain = plain(attachment)
        if let record = try FileStatus(own(attachment)) {
            if try FileStatus(plain)?.inode == record.inode { try Files.remove(plain) }
            try Files.remove(own(attachment))
        } else if try isForeign(attachment) {
            try Files.remove(plain)
        }
    }

    /// Removes the records of a network's attachments that are not wanted any more.
    func removeAll(of network: String, except valid: Set<Attachment>) throws(SystemError) {
        let names: [String]
        do { names = try Files.list(directory) } catch  where error.isNotFound { return }
        let ids = Set(valid.map(\.containerID))
        for name in names where !name.hasSuffix(".tmp") {
            guard let bytes = try read("\(directory)/\(name)"), let record = try? JSONValue.parse(bytes),
                record["name"]?.string == network
            else { continue }
            let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
            let attachment = Attachment(
                network: network, containerID: parts[0], interfaceName: parts.count > 1 ? parts[1] : "")
            let isWanted = parts.count > 1 ? valid.contains(attachment) : ids.contains(parts[0])
            if !isWanted { try Files.remove("\(directory)/\(name)") }
        }
    }

    private func isForeign(_ attachment: Attachment) throws(SystemError) -> Bool {
        try FileStatus(plain(attachment))?.linkCount == 1
    }

    /// Nil for what is absent, and for what no plugin has put there: a directory, a link in a circle, a file without end.
    private func read(_ path: String) throws(SystemError) -> [UInt8]? {
        do { return try Files.read(path) } catch {
            if error.isNotFound || [EISDIR, ELOOP, EFBIG].contains(error.errno.code) { return nil }
            throw error
        }
    }

    private func own(_ attachment: Attachment) -> String {
        "\(directory)/\(attachment.containerID):\(attachment.interfaceName)"
    }

    private func plain(_ attachment: Attachment) -> String { "\(directory)/\(attachment.containerID)" }
}
