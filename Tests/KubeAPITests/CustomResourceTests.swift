import JSON
import Testing

@testable import KubeAPI

@Suite struct CustomResourceTests {
    static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "spec": [
                "type": "object", "required": ["size"],
                "properties": [
                    "size": ["type": "integer", "minimum": 1, "maximum": 10],
                    "mode": ["type": "string", "enum": ["a", "b"], "default": "a"],
                    "name": ["type": "string", "pattern": "^[a-z]+$", "maxLength": 5],
                    "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                    "port": ["x-kubernetes-int-or-string": true],
                    "labels": ["type": "object", "additionalProperties": ["type": "string"]],
                    "items": [
                        "type": "array", "maxItems": 2, "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["name"],
                        "items": ["type": "object", "properties": ["name": ["type": "string"]]],
                    ],
                ],
            ]
        ],
    ]

    private static func definition() -> JSONValue {
        [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "widgets.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced",
                "names": ["plural": "widgets", "kind": "Widget", "shortNames": ["wd"]],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema],
                        "subresources": ["status": [:]],
                    ]
                ],
            ],
        ]
    }

    private func widget(_ spec: JSONValue) throws -> (DecodedObject, [String]) {
        let type = try #require(ResourceType.custom(Self.definition()).first)
        let json: JSONValue = [
            "apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": "w", "namespace": "d"], "spec": spec,
        ]
        let schema = try #require(type.schema)
        var decoded = try schema.decode(json)
        decoded.value = Defaults.applied(to: decoded.value, schema)
        return (decoded, Validation.causes(creating: decoded.value, type).map(\.description))
    }

    @Test func `a definition is a resource`() throws {
        let type = try #require(ResourceType.custom(Self.definition()).first)
        #expect(type.plural == "widgets" && type.singular == "widget" && type.listKind == "WidgetList")
        #expect(type.shortNames == ["wd"] && type.isNamespaced && type.isCustom)
        #expect(type.subresources.map(\.name) == ["status"])
    }

    @Test func `unknown fields are dropped and reported, defaults set, free parts kept`() throws {
        let (decoded, causes) = try widget(["size": 0, "zzz": 1, "free": ["a": ["b": 0]], "labels": ["x": ""]])
        #expect(decoded.strictProblems == [#"unknown field "spec.zzz""#])
        #expect(
            decoded.value.member("spec")
                == ["size": 0, "free": ["a": ["b": 0]], "labels": ["x": ""], "mode": "a"])
        #expect(causes == ["spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"])
    }

    @Test func `values are checked in upstream's words`() throws {
        let (_, causes) = try widget([
            "mode": "c", "name": "ABCDEF", "port": true, "items": [["name": "a"], ["name": "a"], ["name": 3]],
        ])
        #expect(
            causes == [
                "spec.size: Required value",
                #"spec.mode: Unsupported value: "c": supported values: "a", "b""#,
                "spec.name: Too long: may not be more than 5 bytes",
                #"spec.name: Invalid value: "ABCDEF": spec.name in body should match '^[a-z]+$'"#,
                #"spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean""#,
                "spec.items: Too many: 3: must have at most 2 items",
                #"spec.items[1]: Duplicate value: {"name":"a"}"#,
                #"spec.items[2].name: Invalid value: "integer": spec.items[2].name in body must be of type string: "integer""#,
            ])
    }

    @Test func `a definition is checked, defaulted and kept through protobuf`() throws {
        let kind = GroupVersionKind(group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition")
        let type = try #require(APICatalog.builtin.resource(of: kind))
        let schema = try #require(type.schema)
        let decoded = try schema.decode(Self.definition())
        #expect(decoded.strictProblems == [])
        let object = Defaults.applied(to: decoded.value, schema)
        #expect(object.member(at: "spec", "names", "listKind") == "WidgetList")
        #expect(object.member(at: "spec", "conversion") == ["strategy": "None"])
        #expect(Validation.causes(creating: object, type) == [])
        let message = try #require(ProtobufCoding.encode(object, schema))
        #expect(try ProtobufCoding.decode(ProtobufCoding.envelope(message), schema) == object)
        var broken = object
        broken.updateMember("spec") { $0.setMember("group", "other.example.com") }
        #expect(
            Validation.causes(creating: broken, type).map(\.description)
                == [#"metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group"#])
    }
}
