internal import Linux

/// A directory that is removed, with all that is in it, at the end of the value's life.
package struct TemporaryDirectory: ~Copyable {
    package let path: String

    package init() throws {
        path = try Files.makeTemporaryDirectory(prefix: "/tmp/poplin-test-")
    }

    deinit { try? Files.removeTree(path) }

    /// The path of a file or directory in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
