import Foundation
import Glibc
import HTTP
import JSON
import KubeClient
import Linux
import Store
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

@Suite("A server on a bad disk", .serialized)
struct BadDiskTests {
    @Test(
        "a file that is damaged, no database, or of another program ends the start with a sentence; it stays as it is")
    func damage() throws {
        let server = try LiveServer()
        for number in 0..<20 {
            _ = server.curl(
                "/api/v1/namespaces/default/configmaps", "-H", "Content-Type: application/json", "-d",
                #"{"metadata":{"name":"m\#(number)"},"data":{"text":"remarkable \#(number)"}}"#)
        }
        server.stop()
        let path = "\(server.directory)/state.db"
        let whole = try Files.read(path, limit: 1 << 26)
        let place = try #require(whole.firstRange(of: Array("remarkable 7".utf8))?.lowerBound)
        var changed = whole
        changed[place] ^= 1
        let cases: [(what: String, bytes: [UInt8], words: [String])] = [
            ("a bit of an object", changed, ["damaged", "restore a backup"]),
            ("the second half", Array(whole.prefix(whole.count / 2)), ["damaged", "restore a backup"]),
            ("all of it", Array("something else entirely\n".utf8) + Array(repeating: 7, count: 9000), ["damaged"]),
        ]
        for (what, bytes, words) in cases {
            try Files.replace(path, bytes)
            let output = try server.run(
                LiveServer.program, ["server", "--data-dir", server.directory, "--listen", "127.0.0.1:0"])
            #expect(output.code == 1, "\(what)")
            let last = output.err.split(separator: "\n").last.map(String.init) ?? ""
            for word in words + [path] { #expect(last.contains(word), "\(what): \(output.err)") }
            #expect(try Files.read(path, limit: 1 << 26) == bytes, "\(what)")
        }
        // With what was there it goes on.
        try Files.replace(path, whole)
        try server.start()
        #expect(server.curl("/api/v1/namespaces/default/configmaps/m7").contains("remarkable 7"))
    }

    @Test(
        "on a full disk writes get a plain Status, everything else works, a crash loses nothing, and it goes on by itself",
        .requiresRoot)
    func full() throws {
        let directory = try TemporaryDirectory()
        let mount = directory.file("disk")
        try Files.makeDirectories(mount)
        // In a mount namespace of its own, which ends with the thread and the server.
        try Linux.Thread.run("full disk") {
            try CallingThread.unshare([.mounts, .directories])
            func run(_ words: String...) throws {
                let child = try ChildProcess.start(words, environment: [], descriptors: [0, 1, 2])
                #expect(try ChildProcess.wait(for: child) == 0, "\(words)")
            }
            try run("/bin/mount", "--make-rprivate", "/")
            try run("/bin/mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount)
            let server = try LiveServer(directory: mount)
            let access = try Kubeconfig(file: server.kubeconfig).access()
            let client = try BlockingAPIClient(access)
            let maps = ResourcePath("configmaps", namespace: "default")
            let text = String(repeating: "x", count: 9000)
            var acknowledged: [String: String] = [:]

            /// Writes until it fails; nil when it does not.
            func fill(_ prefix: String, _ count: Int) throws -> APIFailure? {
                for number in 0..<count {
                    let object: JSONValue = [
                        "metadata": ["name": .string("\(prefix)-\(number)")], "data": ["text": .string(text)],
                    ]
                    do throws(APIFailure) {
                        let answer = try client.send(.create(maps, object))
                        let read = try? ReadObject<EventReader.Nothing>(json: answer.body)
                        acknowledged["\(prefix)-\(number)"] = read?.revision
                    } catch {
                        return error
                    }
                }
                return nil
            }

            /// What is there of what was written.
            func found() throws -> [String: String] {
                var names: [String: String] = [:]
                let body = try client.send(APIRequest("GET", maps.path())).body
                _ = try ListPage(body) { (object: ReadObject<EventReader.Nothing>) in
                    if object.key.name.contains("-") { names[object.key.name] = object.revision }
                }
                names["kube-root-ca.crt"] = nil
                return names
            }

            let failure = try #require(try fill("a", 1000), "the disk is never full")
            #expect(failure.code == 500 && failure.reason == "InternalError", "\(failure)")
            #expect(failure.message.contains("disk is full"), "\(failure)")
            #expect(acknowledged.count > 50)
            #expect(try found() == acknowledged)
            // Those that ask whether it is well are told what is wrong.
            #expect(server.curl("/readyz?verbose").contains("[-]etcd"))
            _ = try fill("b", 20)

            // A crash on the full disk.
            server.kill()
            try server.start(isReady: false)
            #expect(try found() == acknowledged)
            #expect(try fill("c", 50) != nil)

            try run("/bin/mount", "-o", "remount,size=64m", mount)
            try eventually("it says that there is room") { server.curl("/readyz") == "ok" }
            #expect(try fill("d", 20) == nil)
            server.kill()
            try server.start()
            #expect(try found() == acknowledged)
        }
    }
}
