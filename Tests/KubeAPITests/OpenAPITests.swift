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

    @Test func `custom resources are published like others`() throws {
        let type = ResourceType(
            groupVersion: GroupVersion(group: "example.com", version: "v1"), plural: "widgets", kind: "Widget",
            isNamespaced: true, schema: .custom(kind: "Widget", openAPIV3Schema: CustomResourceTests.schema))
        let document = try JSONValue.parse(OpenAPI.v3(type.groupVersion, [type], version: "v1.36.0"))
        let widget = document.member(at: "components", "schemas", "com.example.v1.Widget")
        #expect(widget?.member(at: "properties", "spec", "properties", "mode", "enum") == ["a", "b"])
        #expect(document.member(at: "components", "schemas", "com.example.v1.WidgetList") != nil)
    }
}
