internal import HTTP
internal import JSON
internal import KubeAPI
internal import YAML

/// From a request's body to a value. It knows nothing of the request besides, and can work on any thread.
struct BodyDecoder: Sendable {
    struct Decoded: Sendable {
        var object: JSONValue
        var warnings: [String] = []
    }

    private struct Document {
        var value: JSONValue
        /// Paths of members that were there twice, which JSONValue keeps and YAML's reader reports.
        var duplicates: [String] = []
        /// Read by a schema, and so without anything unknown.
        var isTyped = false
    }

    static let accepted = Encoding.allCases.map(\.rawValue)

    let body: [UInt8]
    private let contentType: String
    private let fieldValidation: String?

    init(_ call: APICall) {
        body = call.body
        contentType = call.headers["content-type"] ?? ""
        fieldValidation = call.query["fieldValidation"]
    }

    /// An object of this type, whole: its type agrees, fields are checked as the client wants them to be, defaults set.
    func object(_ type: ResourceType) throws(APIStatus) -> Decoded {
        try object(type.gvk, schema: type.schema)
    }

    /// `apiVersions`: others than the kind's that mean the same.
    func object(_ kind: GroupVersionKind, schema: Schema?, apiVersions: [String] = []) throws(APIStatus) -> Decoded {
        let document = try decode(kind)
        guard case .object = document.value else {
            throw .undecodable(kind, "the body is \(document.value.kind), not an object")
        }
        var value = document.value
        if apiVersions.contains(value.text("apiVersion")) { value.set(.string(kind.apiVersion), at: "apiVersion") }
        try checkType(&value, kind)
        // What came as protobuf has been read by the schema already.
        guard let schema, !document.isTyped else { return Decoded(object: value) }
        return try FieldChecks(fieldValidation).decode(value, kind, schema, document.duplicates)
    }

    /// Any document, such as DeleteOptions or a patch.
    func document() throws(APIStatus) -> JSONValue { try decode(nil).value }

    private func decode(_ kind: GroupVersionKind?) throws(APIStatus) -> Document {
        if body.isEmpty { throw .badRequest("the request body is empty") }
        let type = contentType.isEmpty ? Encoding.json.rawValue : MediaType(contentType)?.type ?? contentType
        switch type {
        case "application/json", "application/merge-patch+json", "application/json-patch+json",
            "application/strategic-merge-patch+json", "*/*":
            return Document(value: try json(body))
        case "application/yaml", "application/x-yaml", "text/yaml", "application/apply-patch+yaml":
            do throws(YAMLError) {
                let document = try YAMLDocument.parse(body)
                return Document(value: document.value, duplicates: document.duplicateKeys)
            } catch {
                throw .badRequest(error.description)
            }
        case "application/vnd.kubernetes.protobuf":
            return Document(value: try ProtobufDocument.decode(body, expected: kind), isTyped: true)
        default: throw .unsupportedMediaType(Self.accepted)
        }
    }

    private func json(_ bytes: [UInt8]) throws(APIStatus) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch {
            throw .badRequest("couldn't get version/kind; json parse error: \(error)")
        }
    }

    /// The object says what it is, or leaves it to the path.
    private func checkType(_ value: inout JSONValue, _ kind: GroupVersionKind) throws(APIStatus) {
        let (apiVersion, word) = (value.text("apiVersion"), value.text("kind"))
        guard apiVersion.isEmpty || apiVersion == kind.apiVersion, word.isEmpty || word == kind.kind else {
            if apiVersion.isEmpty || apiVersion == kind.apiVersion {
                let given = GroupVersionKind(kind.groupVersion, word)
                throw .badRequest(
                    "\(word) in version \(FieldCause.quoted(kind.version)) cannot be handled as a \(kind.kind): "
                        + "converting (\(given)) to (\(kind)): unknown conversion")
            }
            throw .badRequest(
                "the API version in the data (\(apiVersion)) does not match the expected API version "
                    + "(\(kind.apiVersion))")
        }
        guard apiVersion.isEmpty || word.isEmpty else { return }
        var object = JSONObject([("kind", .string(kind.kind)), ("apiVersion", .string(kind.apiVersion))])
        for member in value.pairs() where !["kind", "apiVersion"].contains(member.key) {
            object.append(member.key, member.value)
        }
        value = .object(object)
    }
}
