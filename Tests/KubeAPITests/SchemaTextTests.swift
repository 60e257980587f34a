import JSON
import Testing

@testable import KubeAPI

@Suite struct SchemaTextTests {
    @Test(arguments: SchemaTexts.all.map(\.groupVersion))
    func `every group's text is read without problems`(groupVersion: GroupVersion) throws {
        let text = try #require(SchemaTexts.all.first { $0.groupVersion == groupVersion })
        #expect(APICatalog.builtin.parse(text, isThorough: true).problems == [])
    }

    @Test func `every resource and its list have a schema`() {
        for resource in APICatalog.builtin.resources {
            #expect(resource.schema?.isKind == true, "\(resource.gvk)")
            guard resource.verbs.contains(.list) else { continue }
            let list = APICatalog.builtin.schema(of: GroupVersionKind(resource.groupVersion, resource.listKind))
            #expect(list?.field("items")?.schema.element === resource.schema, "\(resource.listKind)")
        }
    }

    @Test func `a field of an embedded message stands among the outer one's`() throws {
        let core = APICatalog.builtin.messages(of: GroupVersion(group: "", version: "v1"))
        let volume = try #require(core["Volume"])
        #expect(volume.fields.first?.name == "name")
        #expect(volume.field("configMap")?.schema.name == "ConfigMapVolumeSource")
        #expect(volume.field("volumeSource") == nil)
        #expect(core["ConfigMapVolumeSource"]?.field("name")?.schema.form == .string)
    }
}
