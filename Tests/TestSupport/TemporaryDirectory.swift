internal import Glibc
internal import Linux

/// A directory that is removed, with all that is in it, at the end of the value's life.
package struct TemporaryDirectory: ~Copyable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/poplin-test-XXXXXX".utf8CString)
        try check("make a directory like", "/tmp/poplin-test-XXXXXX") { mkdtemp(&template) == nil ? -1 : 0 }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? Files.removeTree(path) }

    /// The path of a file or directory in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
