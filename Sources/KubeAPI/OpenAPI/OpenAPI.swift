package import JSON

/// The published schema (OpenAPI 3.0 by group and version, Swagger 2.0 in one document). Documents are made when they are
/// asked for, from the same schemas from which objects are decoded, and are not kept.
package enum OpenAPI {
    /// The answer to `/openapi/v3`: where each group's document is. The hash changes when the document may have.
    package static func index(_ documents: [(groupVersion: GroupVersion, hash: String)]) -> JSONValue {
        var paths = JSONObject()
        for (groupVersion, hash) in documents {
            let path = Self.path(of: groupVersion)
            paths.append(path, ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")])
        }
        return ["paths": .object(paths)]
    }

    /// "api/v1", "apis/apps/v1": the document's path below `/openapi/v3/`, and the API's below `/`.
    package static func path(of groupVersion: GroupVersion) -> String {
        groupVersion.group.isEmpty ? "api/\(groupVersion)" : "apis/\(groupVersion)"
    }

    /// Changes with the server's version, with the schemas and what is said about them, and for custom resources with
    /// `definitions`: the resource versions of the group's CustomResourceDefinitions.
    package static func hash(_ groupVersion: GroupVersion, version: String, definitions: [String] = []) -> String {
        let parts = [groupVersion.description, version, String(SchemaTexts.digest)] + definitions
        let text = parts.joined(separator: "\n")
        // Twice with different beginnings: this is no secret, only a name.
        let halves = [FNV.offset, 0x9AE1_6A3B_2F90_404F].map { FNV.hash(text, after: $0) }
        return halves.map { half in
            let digits = String(half, radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    /// The OpenAPI 3.0 document of one group and version; `version` is the server's, "v1.36.0".
    package static func v3(_ groupVersion: GroupVersion, _ resources: [ResourceType], version: String) -> [UInt8] {
        var writer = DocumentWriter()
        let definitions = DefinitionWriter(.v3, resources)
        writer.object { document in
            document.member("openapi", "3.0.0")
            document.member("info", ["title": "Kubernetes", "version": .string(version)])
            document.object("paths") { PathWriter(dialect: .v3).write(resources, to: &$0) }
            document.object("components") { components in
                components.object("schemas") { definitions.write(to: &$0) }
            }
        }
        return writer.bytes
    }

    /// The Swagger 2.0 document of everything.
    package static func v2(_ resources: [ResourceType], version: String) -> [UInt8] {
        var writer = DocumentWriter()
        let definitions = DefinitionWriter(.v2, resources)
        writer.object { document in
            document.member("swagger", "2.0")
            document.member("info", ["title": "Kubernetes", "version": .string(version)])
            document.object("paths") { PathWriter(dialect: .v2).write(resources, to: &$0) }
            document.object("definitions") { definitions.write(to: &$0) }
        }
        return writer.bytes
    }

    /// The same document in protobuf; nothing when it cannot be read.
    package static func protobuf(ofV2 document: [UInt8]) -> [UInt8] {
        (try? JSONValue.parse(document)).map(SwaggerEncoder.encode) ?? []
    }

    enum Dialect {
        case v2
        case v3

        func reference(_ name: String) -> JSONValue {
            .string(self == .v3 ? "#/components/schemas/\(name)" : "#/definitions/\(name)")
        }
    }
}
