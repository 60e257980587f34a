internal import Crypto
internal import HTTP
internal import JSON
internal import KubeAPI

/// `/openapi/v3`, its documents, and `/openapi/v2`: made when somebody asks, kept packed, and made anew when what is
/// served changes. kubectl reads them before it creates, applies or explains anything.
final class OpenAPIPages {
    private struct Document {
        var hash: String
        var bytes: [UInt8]
    }

    private let types: ServedTypes
    private var generation = -1
    private var hashes: [(groupVersion: GroupVersion, hash: String)] = []
    private var documents: [GroupVersion: Document] = [:]
    /// `/openapi/v2`, in both of its encodings.
    private var oldForm: [UInt8]?
    private var packedOldForm: [UInt8]?

    init(_ types: ServedTypes) { self.types = types }

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
            answerOldForm(call)
            return true
        }
        guard let entry = hashes.first(where: { OpenAPI.path(of: $0.groupVersion) == path.dropFirst(12) }) else {
            return false
        }
        let document = document(entry.groupVersion, entry.hash)
        // Under its hash a document never changes.
        let isPinned = call.query["hash"] == document.hash
        EntityTag.answer(
            call, contentType: "application/json", document.bytes, tag: document.hash,
            cacheControl: isPinned ? "public, immutable" : "public")
        return true
    }

    private func answerOldForm(_ call: APICall) {
        let bytes = oldForm ?? OpenAPI.v2(types.all, version: Pages.gitVersion)
        oldForm = bytes
        guard Self.wantsProtobuf(call) else {
            return EntityTag.answer(call, contentType: "application/json", bytes)
        }
        let packed = packedOldForm ?? OpenAPI.protobuf(ofV2: bytes)
        packedOldForm = packed
        EntityTag.answer(call, contentType: Self.protobuf, packed)
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

    private func document(_ groupVersion: GroupVersion, _ hash: String) -> Document {
        if let known = documents[groupVersion] { return known }
        let bytes = OpenAPI.v3(groupVersion, types.types(of: groupVersion), version: Pages.gitVersion)
        let document = Document(hash: hash, bytes: bytes)
        documents[groupVersion] = document
        return document
    }

    private func refresh() {
        guard generation != types.generation else { return }
        generation = types.generation
        documents = [:]
        oldForm = nil
        packedOldForm = nil
        hashes = types.groupVersions.map { groupVersion in
            // What a custom resource looks like is part of its document.
            let definitions = types.types(of: groupVersion).filter(\.isCustom).map { "\($0.gvk) \(types.generation)" }
            return (groupVersion, OpenAPI.hash(groupVersion, version: Pages.gitVersion, definitions: definitions))
        }
    }
}
