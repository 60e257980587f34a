import JSON
import KubeAPI

@testable import ControlPlane

/// In which form a client wants to be told, and what an object is in it: by the tests' own idea, but for the decoding of
/// protobuf, which has tests of its own.
enum WatchForm: String, Hashable, CaseIterable {
    case json, partialMetadata, protobuf, table
    /// A table whose rows have their whole objects.
    case tableOfObjects

    var isTable: Bool { self == .table || self == .tableOfObjects }

    func accept(isList: Bool) -> String {
        switch self {
        case .json: "application/json"
        case .partialMetadata:
            "application/json;as=PartialObjectMetadata\(isList ? "List" : "");g=meta.k8s.io;v=v1"
        case .protobuf: "application/vnd.kubernetes.protobuf"
        case .table, .tableOfObjects: "application/json;as=Table;g=meta.k8s.io;v=v1"
        }
    }

    var answerForm: AnswerForm {
        switch self {
        case .json: .json
        case .partialMetadata: AnswerForm(.json, .partialMetadata(version: "v1"))
        case .protobuf: AnswerForm(.protobuf)
        case .table, .tableOfObjects: AnswerForm(.json, .table(version: "v1"))
        }
    }

    var includeObject: String { self == .tableOfObjects ? "Object" : "Metadata" }

    /// Of an object as it is served in JSON.
    func fingerprint(_ served: [UInt8]) -> Int {
        self == .json ? History.fingerprint(served) : fingerprint((try? JSONValue.parse(served)) ?? .null)
    }

    /// Of an object as it came in this form: what is the same, however it is written.
    func fingerprint(_ object: JSONValue) -> Int {
        var object = object
        switch self {
        case .partialMetadata, .table: object = ["metadata": object.at("metadata") ?? .null]
        case .json, .tableOfObjects: break
        case .protobuf:
            // The items of a list do not say what they are.
            object.set(nil, at: "kind")
            object.set(nil, at: "apiVersion")
        }
        return History.fingerprint(Array(object.withoutNothing.inKeyOrder.serialized().utf8))
    }
}

extension JSONValue {
    /// Without what protobuf cannot tell from absence.
    fileprivate var withoutNothing: JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    members: object.members.map { JSONObject.Member(key: $0.key, value: $0.value.withoutNothing) }
                        .filter { !$0.value.isNothing }))
        case .array(let elements): .array(elements.map(\.withoutNothing))
        default: self
        }
    }

    private var isNothing: Bool {
        switch self {
        case .object(let object): object.members.isEmpty
        case .array(let elements): elements.isEmpty
        default: isNull || self == false || self == 0 || self == ""
        }
    }
}
