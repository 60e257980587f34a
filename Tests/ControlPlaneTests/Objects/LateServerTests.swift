import JSON
import KubeAPI
import Testing

@testable import ControlPlane

/// Two servers on one store, of which one has not heard yet of what the other has acknowledged.
@Suite("A server that is behind another one")
struct LateServerTests {
    private let first: ClusterUnderTest
    private let late: ClusterUnderTest

    init() throws {
        let shared = SharedStore()
        first = try ClusterUnderTest(store: shared.view(), isShared: true, runsControllers: false)
        late = try ClusterUnderTest(store: shared.lateView(), isShared: true, loop: first.loop, runsControllers: false)
        try first.create(.namespaces, Sample.named("default"))
        try first.create(.configMaps, Sample.configMap("x"))
        // Now it has both.
        _ = try late.refusal(.configMaps, Sample.configMap("x"))
        #expect(late.exists(.configMaps, "default", "x"))
    }

    @Test("makes an object that is gone, in a namespace that is new")
    func creation() throws {
        try first.delete(.configMaps, "default", "x")
        #expect(late.exists(.configMaps, "default", "x"))
        try late.create(.configMaps, Sample.configMap("x"))
        try first.create(.namespaces, Sample.named("young"))
        try late.create(.configMaps, Sample.configMap("x", namespace: "young"))
    }

    @Test("writes what would be no change of the version that it has")
    func unchanged() throws {
        try first.modify(.configMaps, "default", "x") { $0.set("new", at: "data", "text") }
        try late.modify(.configMaps, "default", "x") { $0.set(nil, at: "data") }
        #expect(first.object(.configMaps, "default", "x")?.at("data", "text") == nil)
    }

    @Test("takes a version that it has not seen for what it is")
    func precondition() throws {
        let object = try first.modify(.configMaps, "default", "x") { $0.set("new", at: "data", "text") }
        var options = DeleteOptions()
        options.resourceVersion = object.text("metadata", "resourceVersion")
        try late.delete(.configMaps, "default", "x", options)
        #expect(!first.exists(.configMaps, "default", "x"))
    }
}
