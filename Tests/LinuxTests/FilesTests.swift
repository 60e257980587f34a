import Glibc
import Linux
import Testing

/// A directory of the test's own, removed with what is in it.
private func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/poplin-linux-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer {
        for name in (try? Files.list(path)) ?? [] { unlink("\(path)/\(name)") }
        rmdir(path)
    }
    try body(path)
}

struct FilesTests {
    @Test("A replaced file has the new bytes and the mode asked for, and nothing else is left beside it")
    func replace() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/file"
            try Files.replace(path, "old".utf8, mode: 0o600)
            try Files.replace(path, "new".utf8, mode: 0o644, sync: true)
            #expect(try Files.readText(path) == "new")
            #expect(try Files.list(directory) == ["file"])
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o644)
        }
    }

    @Test("A replacement that fails leaves the old file, and names the file and the cause")
    func failedReplace() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/full"
            try Files.makeDirectories("\(path)")
            let error = #expect(throws: SystemError.self) { try Files.replace(path, "x".utf8) }
            #expect(error?.description == "cannot write \(path): Is a directory")
            #expect(try Files.list(directory) == ["full"])
            rmdir(path)
        }
    }

    @Test("A file larger than the limit is refused, an endless one too")
    func limit() {
        #expect(throws: SystemError("read", "/dev/zero", Errno(EFBIG))) { try Files.read("/dev/zero", limit: 1 << 16) }
    }

    @Test("A second lock waits for the first, until its deadline")
    func lock() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/lock"
            do {
                let first = try FileLock(path)
                #expect(throws: SystemError("lock", path, .timedOut)) {
                    _ = try FileLock(path, timeoutMilliseconds: 20)
                }
                _ = consume first
            }
            _ = try FileLock(path, timeoutMilliseconds: 10_000)
        }
    }
}

struct NetworkNamespaceTests {
    @Test(
        "A file that is no network namespace is refused", arguments: ["/dev/null", "/proc/self/ns/mnt", "/etc/passwd"])
    func refused(_ path: String) {
        #expect(throws: SystemError("use as a network namespace", path, .invalid)) {
            _ = try NetworkNamespace(path: path)
        }
    }

    @Test("The same namespace has the same identity by each path")
    func identity() throws {
        #expect(try NetworkNamespace(path: "/proc/self/ns/net").identity == NetworkNamespace.current().identity)
    }
}
