internal import JSON
internal import KubeAPI

/// `/openapi/v3`, its documents, and `/openapi/v2`: made beside the loop when somebody asks, kept, and made anew when what
/// is served changes. kubectl reads them before it creates, applies or explains anything.
final class OpenAPIPages {
    /// A document of what was served at one time.
    private struct Key: Hashable {
        var form: Form
        var generation: Int
    }

    private enum Form: Hashable {
        case group(GroupVersion, hash: String)
        /// `/openapi/v2`, in either of its encodings.
        case everything
        case everythingInProtobuf
    }

    private struct Document: Sendable {
        var bytes: [UInt8]
        var tag: String

        /// Without a tag of its own it is known by what it says.
        init(_ bytes: [UInt8], tag: String? = nil) {
            self.bytes = bytes
            self.tag = tag ?? EntityTag.hexadecimal(bytes).uppercased()
        }
    }

    private let types: ServedTypes
    private let sideThread: SideThread
    private var generation = -1
    private var hashes: [(groupVersion: GroupVersion, hash: String)] = []
    private var documents: [Key: Document] = [:]
    /// Those who asked for a document while it is made.
    private var waiting: [Key: [(Document) -> Void]] = [:]

    init(_ types: ServedTypes, _ sideThread: SideThread) {
        self.types = types
        self.sideThread = sideThread
    }

    /// False when the path is none of these.
    func answer(_ call: APICall) throws(APIStatus) -> Bool {
        let path = call.info.path
        guard path.hasPrefix("/openapi/") else { return false }
        refresh()
        if path == "/openapi/v3" || path == "/openapi/v3/" {
            EntityTag.answer(call, contentType: "application/json", Array(OpenAPI.index(hashes).serialized().utf8))
            return true
        }
        if path == "/openapi/v2" {
            let isPacked = Self.wantsProtobuf(call)
            withDocument(isPacked ? .everythingInProtobuf : .everything) { document in
                EntityTag.answer(
                    call, contentType: isPacked ? Self.protobuf : "application/json", document.bytes, tag: document.tag)
            }
            return true
        }
        guard let entry = hashes.first(where: { OpenAPI.path(of: $0.groupVersion) == path.dropFirst(12) }) else {
            return false
        }
        // Under its hash a document never changes.
        let cacheControl = call.query["hash"] == entry.hash ? "public, immutable" : "public"
        withDocument(.group(entry.groupVersion, hash: entry.hash)) { document in
            EntityTag.answer(
                call, contentType: "application/json", document.bytes, tag: document.tag, cacheControl: cacheControl)
        }
        return true
    }

    private static let protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
    /// An older name of the same, which is no valid media type and asked for all the same.
    private static let oldProtobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"

    private static func wantsProtobuf(_ call: APICall) -> Bool {
        for alternative in MediaType.list(call.accept) {
            switch alternative.type {
            case protobuf, oldProtobuf: return true
            case "application/json", "application/*", "*/*": return false
            default: continue
            }
        }
        return false
    }

    /// At once, or when it has been made.
    private func withDocument(_ form: Form, _ body: @escaping (Document) -> Void) {
        let key = Key(form: form, generation: generation)
        if let known = documents[key] { return body(known) }
        waiting[key, default: []].append(body)
        guard waiting[key]?.count == 1 else { return }
        sideThread.run(making(form)) { [self] document in
            if key.generation == generation { documents[key] = document }
            for body in waiting.removeValue(forKey: key) ?? [] { body(document) }
        }
    }

    private func making(_ form: Form) -> @Sendable () -> Document {
        let version = Pages.gitVersion
        switch form {
        case .group(let groupVersion, let hash):
            let types = types.types(of: groupVersion)
            return { Document(OpenAPI.v3(groupVersion, types, version: version), tag: hash) }
        case .everything:
            let types = types.all
            return { Document(OpenAPI.v2(types, version: version)) }
        case .everythingInProtobuf:
            let types = types.all
            return { Document(OpenAPI.protobuf(ofV2: OpenAPI.v2(types, version: version))) }
        }
    }

    private func refresh() {
        guard generation != types.generation else { return }
        generation = types.generation
        documents = [:]
        hashes = types.groupVersions.map { groupVersion in
            // What a custom resource looks like is part of its document.
            let definitions = types.types(of: groupVersion).filter(\.isCustom).map { "\($0.gvk) \(types.generation)" }
            return (groupVersion, OpenAPI.hash(groupVersion, version: Pages.gitVersion, definitions: definitions))
        }
    }
}
