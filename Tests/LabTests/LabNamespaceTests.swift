import Glibc
import Lab
import Linux
import TestSupport
import Testing

@Suite("A namespace of the laboratory", .requiresRoot)
struct LabNamespaceTests {
    @Test("is another namespace, with the loopback up, and its name goes away with it")
    func life() throws {
        let path: String
        do {
            let namespace = try LabNamespace("life")
            path = namespace.path
            #expect(try namespace.namespace.identity != NetworkNamespace.current().identity)
            let links = try namespace.run { try Files.readText("/proc/thread-self/net/dev") }
            #expect(links.contains("lo:"))
            #expect(!links.contains("eth0:"))
            #expect(Files.exists(path))
        }
        #expect(!Files.exists(path))
    }

    @Test("is removed when the test that made it throws")
    func removedAfterError() throws {
        struct Stop: Error {}
        var path = ""
        do {
            let namespace = try LabNamespace("throws")
            path = namespace.path
            throw Stop()
        } catch is Stop {}
        #expect(!path.isEmpty && !Files.exists(path))
    }

    @Test("has a name of its own, however many are made at once")
    func uniqueNames() async throws {
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let namespace = try LabNamespace("many")
                    return namespace.name
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names.count == 20)
    }
}
