import JSON
import Testing

@testable import KubeAPI

@Suite struct OpenAPITests {
    private static let catalog = APICatalog.builtin

    private func document(_ apiVersion: String) throws -> JSONValue {
        let groupVersion = try #require(GroupVersion(apiVersion: apiVersion))
        return try JSONValue.parse(
            OpenAPI.v3(groupVersion, Self.catalog.resources(of: groupVersion), version: "v1.36.0"))
    }

    @Test(arguments: catalog.groupVersions)
    func `every reference of a group's document leads somewhere`(groupVersion: GroupVersion) throws {
        let document = try document(groupVersion.description)
        let names = Set(document.member(at: "components", "schemas")?.object?.keys ?? [])
        var missing: Set<String> = []
        func walk(_ json: JSONValue) {
            switch json {
            case .object(let object):
                for member in object.members {
                    if member.key == "$ref", let target = member.value.string?.split(separator: "/").last {
                        if !names.contains(String(target)) { missing.insert(String(target)) }
                    } else {
                        walk(member.value)
                    }
                }
            case .array(let elements): elements.forEach(walk)
            default: break
            }
        }
        walk(document)
        #expect(missing == [])
    }

    @Test func `a property has its list type, keys and patch strategy`() throws {
        let schemas = try #require(document("v1").member(at: "components", "schemas"))
        let ports = schemas.member("io.k8s.api.core.v1.ServiceSpec")?.member("properties")?.member("ports")
        #expect(
            ports?.member("items") == ["$ref": "#/components/schemas/io.k8s.api.core.v1.ServicePort"])
        #expect(ports?.member("x-kubernetes-list-map-keys") == ["port", "protocol"])
        #expect(ports?.member("x-kubernetes-patch-merge-key") == "port")
        #expect(ports?.member("x-kubernetes-patch-strategy") == "merge")
        let service = schemas.member("io.k8s.api.core.v1.Service")
        #expect(
            service?.member("x-kubernetes-group-version-kind") == [["group": "", "kind": "Service", "version": "v1"]])
    }

    @Test func `a path says its kind and takes fieldValidation`() throws {
        let path = try document("apps/v1").member("paths")?
            .member("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
        let patch = path?.member("patch")
        #expect(
            patch?.member("x-kubernetes-group-version-kind")
                == ["group": "apps", "kind": "Deployment", "version": "v1"])
        let names = patch?.member("parameters")?.array?.compactMap { $0.member("name")?.string }
        #expect(names?.contains("fieldValidation") == true && names?.contains("dryRun") == true)
    }

    @Test func `the one document of everything is whole`() throws {
        let document = try JSONValue.parse(OpenAPI.v2(Self.catalog.resources, version: "v1.36.0"))
        #expect(document.member("swagger") == "2.0")
        #expect((document.member("definitions")?.object?.members.count ?? 0) > 500)
    }

    @Test func `the index names each document by its hash`() throws {
        let groupVersion = GroupVersion(group: "apps", version: "v1")
        let hash = OpenAPI.hash(groupVersion, version: "v1.36.0")
        #expect(hash.utf8.count == 32 && hash != OpenAPI.hash(groupVersion, version: "v1.36.1"))
        let index = OpenAPI.index([(groupVersion, hash)])
        #expect(
            index.member("paths")?.member("apis/apps/v1")?.member("serverRelativeURL")
                == .string("/openapi/v3/apis/apps/v1?hash=\(hash)"))
    }

    @Test func `a document has another hash once something else is said in it`() throws {
        // One of the algorithm's published examples.
        #expect(FNV.hash("foobar") == 0x8594_4171_F739_67E8)
        var texts = SchemaTexts.all
        #expect(SchemaTexts.digest(of: texts) == SchemaTexts.digest)
        texts[0].descriptions[0] += " "
        #expect(SchemaTexts.digest(of: texts) != SchemaTexts.digest)
    }

    @Test func `custom resources are published like others`() throws {
        let type = ResourceType(
            groupVersion: GroupVersion(group: "example.com", version: "v1"), plural: "widgets", kind: "Widget",
            isNamespaced: true, schema: .custom(kind: "Widget", openAPIV3Schema: CustomResourceTests.schema))
        let document = try JSONValue.parse(OpenAPI.v3(type.groupVersion, [type], version: "v1.36.0"))
        let widget = document.member(at: "components", "schemas", "com.example.v1.Widget")
        #expect(widget?.member(at: "properties", "spec", "properties", "mode", "enum") == ["a", "b"])
        #expect(document.member(at: "components", "schemas", "com.example.v1.WidgetList") != nil)
    }

    /// As upstream's conformance tests of published definitions want it.
    @Test func `the old form names no fields where a custom resource may have others`() throws {
        func published(_ schema: JSONValue) throws -> (old: JSONValue?, new: JSONValue?) {
            let type = ResourceType(
                groupVersion: GroupVersion(group: "example.com", version: "v1"), plural: "widgets", kind: "Widget",
                isNamespaced: true, schema: .custom(kind: "Widget", openAPIV3Schema: schema))
            let old = try JSONValue.parse(OpenAPI.v2([type], version: "v1.36.0"))
            let new = try JSONValue.parse(OpenAPI.v3(type.groupVersion, [type], version: "v1.36.0"))
            let name = "com.example.v1.Widget"
            return (old.member(at: "definitions", name), new.member(at: "components", "schemas", name))
        }
        let open = "x-kubernetes-preserve-unknown-fields"
        let part: JSONValue = .object(
            JSONObject([("type", "object"), (open, true), ("properties", ["a": ["type": "string"]])]))
        let root = try published(part)
        #expect(root.old?.object?.members.map(\.key) == ["type", "x-kubernetes-group-version-kind"])
        #expect(root.new?.member(at: "properties", "a", "type") == "string" && root.new?.member(open) == true)
        let nested = try published(["type": "object", "properties": ["spec": part]])
        #expect(nested.old?.member(at: "properties", "spec") == .object(JSONObject([(open, true)])))
        #expect(nested.new?.member(at: "properties", "spec", "properties", "a", "type") == "string")
    }

    @Test func `a value of any type in a custom resource's schema is published as one`() throws {
        let schemas = try document("apiextensions.k8s.io/v1").member(at: "components", "schemas")
        let package = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"
        let properties = schemas?.member("\(package).JSONSchemaProps")?.member("properties")
        let reference = JSONValue.string("#/components/schemas/\(package).JSON")
        #expect(properties?.member("default")?.member("allOf") == [["$ref": reference]])
        #expect(properties?.member("enum")?.member("items") == ["$ref": reference])
        #expect(schemas?.member("\(package).JSON")?.member("type") == nil)
    }

    @Test func `the document of everything is protobuf too`() throws {
        func text(_ number: UInt8, _ text: String) -> [UInt8] { message(number, Array(text.utf8)) }
        func message(_ number: UInt8, _ bytes: [UInt8]...) -> [UInt8] {
            let bytes = bytes.flatMap { $0 }
            let length = bytes.count
            return (number < 16 ? [number << 3 | 2] : [number << 3 | 0x82, number >> 4])
                + (length < 128 ? [UInt8(length)] : [UInt8(length & 0x7F | 0x80), UInt8(length >> 7)]) + bytes
        }
        let document = #"""
            {"swagger":"2.0","info":{"title":"K","version":"v"},
             "paths":{"/a":{"parameters":[{"name":"n","in":"path","required":true,"type":"string"}],
               "put":{"parameters":[{"name":"q","in":"query","type":"string"},
                 {"name":"body","in":"body","required":true,"schema":{"$ref":"#/definitions/D"}}],
                 "responses":{"200":{"description":"OK","schema":{"$ref":"#/definitions/D"}}},"x-kind":{"k":"D"}}}},
             "definitions":{"D":{"type":"object","required":["e"],"maxLength":3,"minimum":0.5,
               "additionalProperties":{"type":"string"},"properties":{"e":{"enum":["a"],"default":1}}}}}
            """#
        let reference = text(1, "#/definitions/D")
        let operation =
            message(8, message(1, message(2, message(3, text(2, "query"), text(4, "q"), text(6, "string")))))
            + message(8, message(1, message(1, text(2, "body"), text(3, "body"), [0x20, 1], message(5, reference))))
            + message(
                9, message(1, text(1, "200"), message(2, message(1, text(1, "OK"), message(2, message(1, reference))))))
            + message(13, text(1, "x-kind"), message(2, text(2, #"{"k":"D"}"#)))
        let path =
            message(9, message(1, message(2, message(4, [8, 1], text(2, "path"), text(4, "n"), text(5, "string")))))
            + message(3, operation)
        let schema =
            message(22, text(1, "object")) + text(19, "e") + [0x58, 3, 0x49, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F]
            + message(21, message(1, message(22, text(1, "string"))))
            + message(
                25, message(1, text(1, "e"), message(2, message(20, text(2, #""a""#)), message(5, text(2, "1")))))
        #expect(
            OpenAPI.protobuf(ofV2: Array(document.utf8))
                == text(1, "2.0") + message(2, text(1, "K"), text(2, "v"))
                + message(8, message(2, text(1, "/a"), message(2, path)))
                + message(9, message(1, text(1, "D"), message(2, schema))))
    }
}
