import JSON
import Testing

@testable import KubeAPI

/// What validation says of an object in JSON, which has had its defaults.
enum Checked {
    static func prepared(_ text: String) throws -> (JSONValue, ResourceType) {
        let json = try JSONValue.parse(text)
        let groupVersion = try #require(GroupVersion(apiVersion: json.member("apiVersion")?.string ?? ""))
        let kind = GroupVersionKind(groupVersion, json.member("kind")?.string ?? "")
        let type = try #require(APICatalog.builtin.resource(of: kind))
        let schema = try #require(type.schema)
        let decoded = try schema.decode(json)
        #expect(decoded.strictProblems == [])
        var object = Defaults.applied(to: decoded.value, schema)
        object.updateMember("metadata") { metadata in
            metadata.setDefault("name", "x")
            if type.isNamespaced { metadata.setDefault("namespace", "default") }
        }
        return (object, type)
    }

    static func created(_ text: String) throws -> [String] {
        let (object, type) = try prepared(text)
        return Validation.causes(creating: object, type).map(\.description)
    }

    static func updated(_ text: String, _ change: (inout JSONValue) -> Void) throws -> [String] {
        let (object, type) = try prepared(text)
        var new = object
        change(&new)
        return Validation.causes(updating: new, from: object, type).map(\.description)
    }

    /// A pod of one container with these fields.
    static func pod(_ container: String, _ fields: String = "") -> String {
        #"{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"c","image":"i"COMMA}]REST}}"#
            .replacing("COMMA", with: container.isEmpty ? "" : "," + container)
            .replacing("REST", with: fields.isEmpty ? "" : "," + fields)
    }
}
