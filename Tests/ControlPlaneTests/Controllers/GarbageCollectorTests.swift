import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct GarbageCollectorTests {
    /// An owner with two dependents, one of which has a dependent of its own.
    private func family(_ cluster: ClusterUnderTest, blocking: Bool = false) throws -> JSONValue {
        let owner = try cluster.create(.configMaps, Sample.configMap("owner"))
        let reference = Sample.owner(owner, blocks: blocking)
        let first = try cluster.create(.configMaps, Sample.configMap("a", owners: [reference]))
        try cluster.create(.configMaps, Sample.configMap("b", owners: [reference]))
        try cluster.create(.configMaps, Sample.configMap("c", owners: [Sample.owner(first, blocks: blocking)]))
        return owner
    }

    @Test("in the background dependents go after their owner, and theirs after them")
    func background() throws {
        let cluster = try ClusterUnderTest()
        _ = try family(cluster)
        try cluster.delete(.configMaps, "default", "owner", DeleteOptions(propagation: .background))
        #expect(!cluster.exists(.configMaps, "default", "owner"))
        try cluster.run("collection") { cluster.names(.configMaps).isEmpty }
    }

    @Test("in the foreground the owner goes last")
    func foreground() throws {
        let cluster = try ClusterUnderTest()
        _ = try family(cluster, blocking: true)
        try cluster.modify(.configMaps, "default", "c") { $0.set(["example.org/hold"], at: "metadata", "finalizers") }
        try cluster.delete(.configMaps, "default", "owner", DeleteOptions(propagation: .foreground))
        try cluster.run("siblings") { cluster.names(.configMaps) == ["a", "c", "owner"] }
        try cluster.modify(.configMaps, "default", "c") { $0.set(nil, at: "metadata", "finalizers") }
        try cluster.run("collection") { cluster.names(.configMaps).isEmpty }
    }

    @Test("those that own each other in a circle all go, whichever is deleted", arguments: ["a", "b", "c"])
    func circle(first: String) throws {
        let cluster = try ClusterUnderTest()
        let made = try ["a", "b", "c"].map { try cluster.create(.configMaps, Sample.configMap($0)) }
        for (index, name) in ["a", "b", "c"].enumerated() {
            try cluster.modify(.configMaps, "default", name) {
                $0.set([Sample.owner(made[(index + 2) % 3], blocks: true)], at: "metadata", "ownerReferences")
            }
        }
        try cluster.delete(.configMaps, "default", first, DeleteOptions(propagation: .foreground))
        try cluster.run("collection") { cluster.names(.configMaps).isEmpty }
    }

    @Test("orphans stay, without the reference")
    func orphan() throws {
        let cluster = try ClusterUnderTest()
        _ = try family(cluster)
        try cluster.delete(.configMaps, "default", "owner", DeleteOptions(propagation: .orphan))
        try cluster.run("owner's end") { !cluster.exists(.configMaps, "default", "owner") }
        #expect(cluster.names(.configMaps) == ["a", "b", "c"])
        #expect(cluster.object(.configMaps, "default", "a")?.at("metadata", "ownerReferences") == nil)
        #expect(cluster.object(.configMaps, "default", "c")?.at("metadata", "ownerReferences") != nil)
    }

    @Test("an object stays while one of its owners does, and loses the reference to the other")
    func twoOwners() throws {
        let cluster = try ClusterUnderTest()
        let first = try cluster.create(.configMaps, Sample.configMap("first"))
        let second = try cluster.create(.configMaps, Sample.configMap("second"))
        try cluster.create(
            .configMaps, Sample.configMap("child", owners: [Sample.owner(first), Sample.owner(second)]))
        try cluster.delete(.configMaps, "default", "first")
        try cluster.run("reference") {
            cluster.object(.configMaps, "default", "child")?.list("metadata", "ownerReferences").count == 1
        }
        try cluster.delete(.configMaps, "default", "second")
        try cluster.run("child's end") { !cluster.exists(.configMaps, "default", "child") }
    }

    @Test("owners that never were count as gone; those of an unknown kind do not, nor another object of the name")
    func dangling() throws {
        let cluster = try ClusterUnderTest()
        let owner = try cluster.create(.configMaps, Sample.configMap("owner"))
        var impostor = Sample.owner(owner)
        impostor.set("00000000-0000-4000-8000-000000000000", at: "uid")
        var unknown = Sample.owner(owner)
        unknown.set("example.org/v1", at: "apiVersion")
        unknown.set("00000000-0000-4000-8000-000000000001", at: "uid")
        try cluster.create(.configMaps, Sample.configMap("unknown", owners: [unknown]))
        try cluster.create(.configMaps, Sample.configMap("impostor", owners: [impostor]))
        try cluster.run("collection") { !cluster.exists(.configMaps, "default", "impostor") }
        #expect(cluster.names(.configMaps) == ["owner", "unknown"])
    }
}
