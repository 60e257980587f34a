import JSON
import Testing

@testable import KubeAPI

@Suite struct DescriptionTests {
    private static let catalog = APICatalog.builtin

    private static let texts = SchemaTexts.all.map { text in
        (groupVersion: text.groupVersion, parser: DescriptionParser(text.descriptions))
    }

    private static func schemas(_ resources: [ResourceType]) throws -> [JSONObject.Member] {
        let groupVersion = try #require(resources.first?.groupVersion)
        let document = try JSONValue.parse(OpenAPI.v3(groupVersion, resources, version: "v1.36.0"))
        return document.member(at: "components", "schemas")?.object?.members ?? []
    }

    @Test(arguments: catalog.groupVersions)
    func `everything that a group's document has is described`(groupVersion: GroupVersion) throws {
        var missing: [String] = []
        for (name, schema) in try Self.schemas(Self.catalog.resources(of: groupVersion)).map({ ($0.key, $0.value) }) {
            if schema.member("description")?.string?.isEmpty != false { missing.append(name) }
            for property in schema.member("properties")?.object?.members ?? []
            where property.value.member("description")?.string?.isEmpty != false {
                missing.append("\(name).\(property.key)")
            }
        }
        #expect(missing == [])
    }

    @Test(arguments: texts.map(\.groupVersion))
    func `only messages and fields that there are are described`(groupVersion: GroupVersion) throws {
        let parser = try #require(Self.texts.first { $0.groupVersion == groupVersion }?.parser)
        #expect(parser.problems == [])
        let messages = Self.catalog.messages(of: groupVersion)
        var unknown: [String] = []
        for (name, description) in parser.messages {
            guard let schema = messages[name] else {
                unknown.append(name)
                continue
            }
            unknown += description.fields.keys.filter { schema.field($0) == nil }.map { "\(name).\($0)" }
            unknown += description.includes.filter { include in
                // One that includes others could include itself.
                guard let other = parser.messages[include] else { return Self.catalog.metaSchema(include) == nil }
                return !other.includes.isEmpty
            }
        }
        #expect(unknown.sorted() == [])
    }

    @Test func `every description is made of sentences`() {
        var others: [String] = []
        for message in Self.texts.flatMap(\.parser.messages.values) {
            for text in [message.text] + message.fields.values
            where text.first?.isUppercase != true || text.last != "." || text.contains("  ") { others.append(text) }
        }
        #expect(others == [])
    }

    @Test func `a description may take several lines, and leave fields to another message`() {
        let parser = DescriptionParser([
            "Door: Leads in\n    and out.\n  @Wall\n  color: Red: or\n    green.",
            "Wall: Stands.\n  height: In meters.",
        ])
        #expect(parser.problems == [])
        #expect(parser.messages["Door"]?.text == "Leads in and out.")
        #expect(parser.messages["Door"]?.fields == ["color": "Red: or green."])
        #expect(parser.messages["Door"]?.includes == ["Wall"])
        #expect(parser.messages["Wall"]?.fields == ["height": "In meters."])
    }

    @Test(arguments: ["A: B.\nA: C.", "A: B.\n  c: D.\n  c: E.", "A", "A: B.\n   c: D.", "A: B.\n  c"])
    func `a description that cannot be read is a problem`(text: String) {
        #expect(DescriptionParser([text]).problems.count == 1)
    }

    @Test(arguments: [("", nil), (#","description":"Paid work.""#, "Paid work.")])
    func `a custom resource is not described as a built-in kind of the same name`(
        text: String, description: String?
    ) throws {
        let schema = try JSONValue.parse(
            #"{"type":"object"\#(text),"properties":{"spec":{"type":"object","properties":{"template":{"type":"object"}}}}}"#
        )
        let type = ResourceType(
            groupVersion: GroupVersion(group: "example.com", version: "v1"), plural: "jobs", kind: "Job",
            isNamespaced: true, schema: .custom(kind: "Job", openAPIV3Schema: schema))
        let job = try Self.schemas([type]).first { $0.key == "com.example.v1.Job" }?.value
        #expect(job?.member("description")?.string == description)
        let spec = job?.member(at: "properties", "spec")
        #expect(spec?.member(at: "properties", "template") != nil)
        #expect(spec?.member(at: "properties", "template", "description") == nil)
    }
}
