internal import Glibc

/// The process's environment variables. Read them early: another thread's setenv would move them.
package enum Environment {
    /// As the C library has them: NAME=VALUE each.
    package static var lines: [String] {
        var result: [String] = []
        var entry = environ
        while let pointer = entry.pointee {
            result.append(String(cString: pointer))
            entry += 1
        }
        return result
    }

    package static var all: [String: String] {
        var result: [String: String] = [:]
        for line in lines {
            guard let equals = line.firstIndex(of: "=") else { continue }
            result[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return result
    }
}
