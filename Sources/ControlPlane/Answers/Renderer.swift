internal import JSON
internal import KubeAPI
internal import YAML

/// From objects to the bytes of an answer, in the form that was asked for.
struct Renderer {
    /// The version of the API that is asked for.
    let type: ResourceType
    let form: AnswerForm
    /// The stored objects are of this version already, and go out as they are.
    let isStoredVersion: Bool
    /// What a table's rows carry: None, Metadata or Object.
    var includeObject = "Metadata"
    /// Of a custom resource; built-in kinds have theirs.
    var columns: ResourceTable?
    /// For ages in tables: seconds since 1970.
    var now: Double = 0

    init(type: ResourceType, form: AnswerForm, isStoredVersion: Bool) {
        self.type = type
        self.form = form
        self.isStoredVersion = isStoredVersion
    }

    /// One object as the body of an answer.
    func body(_ object: CachedObject) -> [UInt8] {
        if form.rendering == .object, form.encoding == .json, isStoredVersion { return object.bytes }
        return encoded(rendered(value(object)))
    }

    func body(_ object: JSONValue) -> [UInt8] { encoded(rendered(object)) }

    /// An object as it is embedded in a list or a watch event. A table of one row in tables.
    func value(_ object: CachedObject) -> JSONValue {
        VersionConversion.convert(object.decoded ?? .null, to: type)
    }

    func rendered(_ object: JSONValue, withColumns: Bool = true) -> JSONValue {
        switch form.rendering {
        case .object, .aggregatedDiscovery: object
        case .partialMetadata(let version), .partialMetadataList(let version):
            Self.partial(object, version: version)
        case .table(let version):
            table([object], version: version, listMetadata: Self.listMetadata(of: object), withColumns: withColumns)
        }
    }

    func encoded(_ value: JSONValue) -> [UInt8] { Self.document(value, as: form.encoding).bytes }

    func table(
        _ objects: [JSONValue], version: String, listMetadata: JSONValue, withColumns: Bool = true
    ) -> JSONValue {
        TableRendering.table(
            objects, columns: columns ?? type.table, version: version, metadata: listMetadata,
            includeObject: includeObject, now: now,
            withColumns: withColumns)
    }

    /// What a table of one object says as a list of it.
    static func listMetadata(of object: JSONValue) -> JSONValue {
        ["resourceVersion": .string(object.text("metadata", "resourceVersion"))]
    }

    static func partial(_ object: JSONValue, version: String) -> JSONValue {
        var partial = PartialMetadata.of(object)
        if version != "v1" { partial.set(.string("meta.k8s.io/\(version)"), at: "apiVersion") }
        return partial
    }

    /// A document that is no resource of its own, such as a Status, in an encoding; JSON where there is no other.
    static func document(_ value: JSONValue, as encoding: Encoding) -> (bytes: [UInt8], contentType: String) {
        switch encoding {
        case .json: break
        // Upstream's YAML has been through maps, which Go writes in the order of their keys.
        case .yaml: return (Array(value.inKeyOrder.yaml().utf8), encoding.rawValue)
        case .protobuf:
            if let bytes = ProtobufDocument.encode(value) { return (bytes, encoding.rawValue) }
        }
        return (value.serializedBytes(), Encoding.json.rawValue)
    }
}
