import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite("Documents of the API")
struct OpenAPIPagesTests {
    private static let widget = ResourceType(
        groupVersion: GroupVersion(group: "example.com", version: "v1"), plural: "widgets", kind: "Widget",
        isNamespaced: true, schema: .custom(kind: "Widget", openAPIV3Schema: ["type": "object"]))

    @Test(
        "are made beside the loop for the first who asks, and are there at once for the next",
        arguments: ["/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1", "/openapi/v2"])
    func making(path: String) throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        let first = try cluster.request("GET", path)
        let next = try cluster.request("GET", path)
        #expect(first.code == 200 && !first.isAtOnce)
        #expect(next.code == 200 && next.isAtOnce && next.body == first.body)
        #expect(first.body.member("paths") != nil)
    }

    @Test("are the same for all who ask meanwhile, and of what was served when they asked")
    func changes() throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        let names = { (sink: ClusterUnderTest.Sink) in
            try JSONValue.parse(sink.bytes).member("definitions")?.object?.keys.filter { $0.hasPrefix("com.example.") }
        }
        let before = (0..<2).map { _ in cluster.begin("GET", "/openapi/v2") }
        cluster.server.types.setCustom([Self.widget])
        let after = cluster.begin("GET", "/openapi/v2")
        #expect(before.allSatisfy { !$0.hasEnded } && !after.hasEnded)
        try cluster.run("all answers") { before.allSatisfy(\.hasEnded) && after.hasEnded }
        for sink in before { #expect(try names(sink) == []) }
        #expect(try names(after) == ["com.example.v1.Widget", "com.example.v1.WidgetList"])
        let last = cluster.begin("GET", "/openapi/v2")
        #expect(last.hasEnded && last.bytes == after.bytes)
    }
}
