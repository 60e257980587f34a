internal import JSON
internal import KubeAPI
internal import Store

/// Watch events as bytes: a line of JSON each, or protobuf with its length before it.
enum WatchEncoding {
    /// An event with an object that is encoded already.
    static func frame(_ kind: ObjectChange.Kind, _ object: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(object.count + 40)
        for piece in pieces(kind, object) { bytes.append(contentsOf: piece) }
        return bytes
    }

    /// The same in pieces, none of which is made for it.
    static func pieces(_ kind: ObjectChange.Kind, _ object: [UInt8]) -> [[UInt8]] {
        let beginning =
            switch kind {
            case .added: added
            case .modified: modified
            case .deleted: deleted
            }
        return [beginning, object, ending]
    }

    private static let added = beginning(.added)
    private static let modified = beginning(.modified)
    private static let deleted = beginning(.deleted)
    private static let ending = Array("}\n".utf8)

    private static func beginning(_ kind: ObjectChange.Kind) -> [UInt8] {
        Array("{\"type\":\"\(kind.word)\",\"object\":".utf8)
    }

    static func frame(_ word: String, _ object: JSONValue, _ encoding: Encoding) -> [UInt8] {
        switch encoding {
        case .json: break
        case .yaml: break
        case .protobuf:
            if let bytes = ProtobufDocument.watchEvent(word, object) { return bytes }
        }
        return Array(JSONValue.object(JSONObject([("type", .string(word)), ("object", object)])).serialized().utf8)
            + [UInt8(ascii: "\n")]
    }

    /// An object of the watch's kind with nothing but a version.
    static func bookmark(_ type: ResourceType, _ form: AnswerForm, _ revision: Revision, marksEnd: Bool) -> JSONValue {
        var metadata: JSONValue = ["resourceVersion": .string("\(revision)"), "creationTimestamp": nil]
        if marksEnd { metadata.set(["k8s.io/initial-events-end": "true"], at: "annotations") }
        switch form.rendering {
        case .object, .aggregatedDiscovery:
            return [
                "kind": .string(type.kind), "apiVersion": .string(type.groupVersion.description),
                "metadata": metadata,
            ]
        case .partialMetadata(let version), .partialMetadataList(let version):
            return [
                "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            ]
        case .table(let version):
            // What kubectl needs of it is the version and, at the end of the state, the annotation.
            let object: JSONValue = [
                "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            ]
            return [
                "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": ["resourceVersion": .string("\(revision)")], "columnDefinitions": nil,
                "rows": [["cells": [], "object": object]],
            ]
        }
    }
}
