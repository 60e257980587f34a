import Store
import Testing

@testable import ControlPlane

@Suite("The cache of what is committed")
struct ObjectCacheTests {
    private func value(_ name: String) -> [UInt8] { Array(#"{"metadata":{"name":"\#(name)"}}"#.utf8) }

    private func write(_ path: String, _ revision: Revision, create: Revision? = nil) -> StoreChange {
        StoreChange(
            key: "/registry/configmaps/\(path)", revision: revision, createRevision: create ?? revision,
            value: value("\(path)-\(revision)"))
    }

    private func deletion(_ path: String, _ revision: Revision) -> StoreChange {
        StoreChange(key: "/registry/configmaps/\(path)", revision: revision, createRevision: 0, value: nil)
    }

    private func stored(_ path: String, _ revision: Revision) -> StoredObject {
        StoredObject(
            key: "/registry/configmaps/\(path)", value: value("\(path)-\(revision)"), createRevision: 1,
            modRevision: revision)
    }

    private func text(_ changes: [ObjectChange]) -> [String] {
        changes.map { "\($0.kind) \($0.object.path) \($0.revision) \($0.previous?.revision ?? 0)" }
    }

    @Test("A change says what was there before; a deletion carries the last state at its own revision")
    func changes() {
        let cache = ObjectCache()
        #expect(cache.load(StoreSnapshot(objects: [stored("a/x", 3)], revision: 5)).isEmpty)
        let changes = cache.apply([write("a/y", 6), write("a/x", 7, create: 1), deletion("a/x", 8), write("a/y", 9)])
        #expect(text(changes) == ["added a/y 6 0", "modified a/x 7 3", "deleted a/x 8 7", "modified a/y 9 6"])
        #expect(
            String(decoding: changes[2].object.bytes, as: UTF8.self)
                == #"{"metadata":{"resourceVersion":"8","name":"a/x-7"}}"#)
        #expect(cache.revision == 9)
        #expect(cache.object(.configMaps, "a/x") == nil)
        #expect(cache[.configMaps].count == 1)
        #expect(cache.ring.changes(of: .configMaps, after: 5)?.count == 4)
        #expect(cache.ring.changes(of: .configMaps, after: 4) == nil)
    }

    @Test("A revision that concerns no object moves the cache on")
    func foreign() {
        let cache = ObjectCache()
        _ = cache.load(StoreSnapshot(objects: [], revision: 5))
        #expect(cache.apply([StoreChange(key: "/elsewhere", revision: 6, createRevision: 6, value: [])]).isEmpty)
        #expect(cache.revision == 6)
        #expect(cache.ring.end == 6)
    }

    @Test("After a restart the ring has the history that the store has kept")
    func history() {
        let cache = ObjectCache()
        let past = [
            PastChange(change: write("a/x", 4), previous: nil),
            PastChange(change: write("a/x", 5, create: 4), previous: stored("a/x", 4)),
            PastChange(change: deletion("a/y", 6), previous: stored("a/y", 2)),
        ]
        _ = cache.load(StoreSnapshot(objects: [stored("a/x", 5)], revision: 6, history: past))
        let changes = cache.ring.changes(of: .configMaps, after: 3)
        #expect(text(Array(changes ?? [])) == ["added a/x 4 0", "modified a/x 5 4", "deleted a/y 6 2"])
        #expect(changes?.dropFirst().first?.object === cache.object(.configMaps, "a/x"))
        #expect(cache.ring.changes(of: .configMaps, after: 2) == nil)
    }

    @Test("When changes were lost, the differences are told and nobody goes on from before")
    func loss() {
        let cache = ObjectCache()
        _ = cache.load(StoreSnapshot(objects: [stored("a/x", 3), stored("a/y", 3)], revision: 5))
        let changes = cache.load(StoreSnapshot(objects: [stored("a/x", 8), stored("a/z", 9)], revision: 10))
        #expect(text(changes) == ["modified a/x 8 3", "added a/z 9 0", "deleted a/y 10 3"])
        #expect(cache.ring.changes(of: .configMaps, after: 9) == nil)
        #expect(cache.ring.changes(of: .configMaps, after: 10) != nil)
    }

    @Test(
        "Keys are taken apart as upstream lays them out",
        arguments: [
            ("/registry/pods/default/web-0", "pods", "default/web-0"),
            ("/registry/minions/n1", "minions", "n1"),
            ("/registry/services/specs/default/kubernetes", "services/specs", "default/kubernetes"),
            ("/registry/services/endpoints/default/kubernetes", "services/endpoints", "default/kubernetes"),
            ("/registry/ranges/servicenodeports/x", "ranges/servicenodeports", "x"),
            ("/registry/example.com/foos/a/b", "example.com/foos", "a/b"),
            ("/registry/example.com/foos/b", "example.com/foos", "b"),
            (
                "/registry/apiextensions.k8s.io/customresourcedefinitions/foos.example.com",
                "apiextensions.k8s.io/customresourcedefinitions", "foos.example.com"
            ),
        ])
    func keys(_ key: String, _ storage: String, _ path: String) {
        let split = StoragePrefix.split(key)
        #expect(split?.storage.rawValue == storage)
        #expect(split?.path == path)
        #expect(split?.storage.key(path) == key)
    }

    @Test(
        "What is no key of an object is not taken for one",
        arguments: [
            "/registry/pods", "/registry/pods/", "/registry/services/specs", "/registry/services/specs/",
            "/elsewhere/pods/a/b", "/registry/", "",
        ])
    func foreignKeys(_ key: String) { #expect(StoragePrefix.split(key) == nil) }
}
