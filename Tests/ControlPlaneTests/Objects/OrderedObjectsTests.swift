import TestSupport
import Testing

@testable import ControlPlane

@Suite("Objects in the order of their paths")
struct OrderedObjectsTests {
    private func object(_ path: String, _ revision: Int64 = 1) -> CachedObject {
        CachedObject(path: path, bytes: [], createRevision: 1, revision: revision)
    }

    private func paths(_ objects: OrderedObjects, prefix: String = "", from start: String = "") -> [String] {
        var paths: [String] = []
        objects.forEach(prefix: prefix, from: start) {
            paths.append($0.path)
            return true
        }
        return paths
    }

    @Test("Any sequence of insertions and removals leaves what a sorted dictionary would hold")
    func matchesModel() {
        var generator = SeededGenerator(seed: 7)
        var objects = OrderedObjects()
        var model: [String: Int64] = [:]
        for step in Int64(1)...20_000 {
            let path = "ns\(Int.random(in: 0..<4, using: &generator))/\(Int.random(in: 0..<2000, using: &generator))"
            if Int.random(in: 0..<3, using: &generator) == 0 {
                #expect(objects.remove(path)?.revision == model.removeValue(forKey: path))
            } else {
                #expect(objects.insert(object(path, step))?.revision == model.updateValue(step, forKey: path))
            }
        }
        #expect(objects.count == model.count)
        #expect(paths(objects) == model.keys.sorted())
        #expect(paths(objects, prefix: "ns2/") == model.keys.filter { $0.hasPrefix("ns2/") }.sorted())
        #expect(
            paths(objects, prefix: "ns2/", from: "ns2/5")
                == model.keys.filter { $0.hasPrefix("ns2/") && $0 >= "ns2/5" }.sorted())
        for (path, revision) in model { #expect(objects[path]?.revision == revision) }
        #expect(paths(OrderedObjects(model.keys.map { object($0) })) == model.keys.sorted())
    }
}
