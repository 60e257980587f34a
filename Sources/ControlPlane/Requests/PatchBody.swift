internal import HTTP
internal import JSON
internal import KubeAPI

/// A PATCH request's body: which kind of patch it is, and what it says.
struct PatchBody: Sendable {
    enum Kind: String, Sendable {
        case json = "application/json-patch+json"
        case merge = "application/merge-patch+json"
        case strategic = "application/strategic-merge-patch+json"
        case apply = "application/apply-patch+yaml"

        /// `isCustom`: whether it is for a custom resource.
        init(_ call: APICall, isCustom: Bool) throws(APIStatus) {
            guard let kind = Kind(rawValue: MediaType(call.headers["content-type"] ?? "")?.type ?? ""),
                !(isCustom && kind == .strategic)
            else { throw .unsupportedMediaType(PatchBody.accepted(isCustom: isCustom)) }
            self = kind
        }
    }

    let kind: Kind
    let document: JSONValue

    /// Strategic merge needs to know about a kind what the schema of a custom resource does not say.
    static func accepted(isCustom: Bool) -> [String] {
        (isCustom ? [Kind.json, .merge, .apply] : [.json, .merge, .strategic, .apply]).map(\.rawValue)
    }

    /// Reads the body of a request that the decoder was made of.
    init(_ kind: Kind, _ decoder: BodyDecoder) throws(APIStatus) {
        self.kind = kind
        document = try kind == .apply || decoder.body.isEmpty ? decoder.document() : Self.parsed(decoder.body)
    }

    private static func parsed(_ bytes: [UInt8]) throws(APIStatus) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch {
            throw .badRequest("error decoding patch: \(error)")
        }
    }

    /// The object as the patch makes it; not for server-side apply, which needs to know who owns what.
    func apply(to object: JSONValue, schema: Schema?, name: String, kind gvk: GroupVersionKind) throws(APIStatus)
        -> JSONValue
    {
        switch kind {
        case .json: return try JSONPatch(document).apply(to: object)
        case .merge: return try MergePatch.apply(document, to: object)
        case .strategic:
            guard let schema else { throw .unsupportedMediaType(Self.accepted(isCustom: true)) }
            return try StrategicMergePatch.apply(document, to: object, schema: schema)
        case .apply: throw .unsupportedMediaType(Self.accepted(isCustom: true))
        }
    }
}
