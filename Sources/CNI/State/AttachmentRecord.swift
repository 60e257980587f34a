package import JSON
internal import Linux

/// What a plugin has put into the kernel for one attachment, kept in a file of its own until the DEL.
///
/// The files are on a tmpfs, so that records live exactly as long as what they describe: after a reboot both are gone.
/// A record is written before the first change, which makes it the journal of an ADD that a crash cuts short.
package struct AttachmentRecord: Hashable, Sendable {
    package var namespacePath: String
    /// Device and inode of the namespace, so that another one at the same path is not taken for it.
    package var namespaceID: String
    /// What the plugin wants to find again.
    package var state: JSONObject

    package init(_ call: Invocation, state: JSONObject) throws {
        namespacePath = call.environment.namespacePath
        namespaceID = Self.id(of: try call.requireNamespace().namespace.identity)
        self.state = state
    }

    private init?(_ json: JSONObject) {
        guard let path = json["netns"]?.string, let id = json["netnsID"]?.string, let state = json["state"]?.object
        else { return nil }
        namespacePath = path
        namespaceID = id
        self.state = state
    }

    private var json: JSONObject {
        JSONObject([
            ("netns", .string(namespacePath)), ("netnsID", .string(namespaceID)), ("state", .object(state)),
        ])
    }

    /// Whether the container's namespace still is what it was when the record was made. When in doubt, yes.
    package var isAlive: Bool {
        do {
            guard let status = try FileStatus(namespacePath) else { return false }
            return Self.id(of: NamespaceIdentity(device: status.device, inode: status.inode)) == namespaceID
        } catch {
            return true
        }
    }

    private static func id(of identity: NamespaceIdentity) -> String { "\(identity.device):\(identity.inode)" }

    /// Saves the record and has it removed, with all that it tells of, when the ADD fails after this.
    func save(_ call: Invocation, in store: AttachmentStore, removal: Removal) throws {
        try store.save(json, for: call.attachment)
        let (attachment, kernel) = (call.attachment, call.machine.kernel)
        try call.rollback.did("record \(attachment)") {
            try removal.run(kernel)
            try store.remove(attachment)
        }
    }

    static func load(_ attachment: Attachment, from store: AttachmentStore) throws(SystemError) -> AttachmentRecord? {
        try store.load(attachment).flatMap { AttachmentRecord($0) }
    }
}

extension Machine {
    /// The records of a plugin.
    package func records(_ plugin: String) -> AttachmentStore {
        AttachmentStore(directory: "\(runDirectory)/\(plugin)")
    }
}
