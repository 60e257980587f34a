internal import HTTP
internal import JSON
internal import KubeAPI

/// A PATCH request's body: which kind of patch it is, and what it says.
struct PatchBody {
    enum Kind: String {
        case json = "application/json-patch+json"
        case merge = "application/merge-patch+json"
        case strategic = "application/strategic-merge-patch+json"
        case apply = "application/apply-patch+yaml"
    }

    let kind: Kind
    let document: JSONValue

    static let accepted: [String] = [Kind.json, .merge, .strategic, .apply].map(\.rawValue)

    init(_ call: APICall) throws(APIStatus) {
        let header = call.headers["content-type"] ?? ""
        guard let kind = Kind(rawValue: MediaType(header)?.type ?? "") else {
            throw .unsupportedMediaType(Self.accepted)
        }
        self.kind = kind
        document = try BodyDecoder(call).document()
    }

    /// The object as the patch makes it; not for server-side apply, which needs to know who owns what.
    func apply(to object: JSONValue, schema: Schema?, name: String, kind gvk: GroupVersionKind) throws(APIStatus)
        -> JSONValue
    {
        switch kind {
        case .json: return try JSONPatch(document).apply(to: object)
        case .merge: return try MergePatch.apply(document, to: object)
        case .strategic:
            guard let schema else { throw .unsupportedMediaType(Self.accepted) }
            return try StrategicMergePatch.apply(document, to: object, schema: schema)
        case .apply: throw .unsupportedMediaType(Self.accepted)
        }
    }
}
