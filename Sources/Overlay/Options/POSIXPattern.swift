internal import Glibc

/// A POSIX extended regular expression (regex(7)), by the C library.
package struct POSIXPattern: ~Copyable {
    private var compiled = regex_t()

    /// Nil when the text is no expression.
    package init?(_ text: String) {
        guard regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
    }

    deinit {
        var compiled = compiled
        regfree(&compiled)
    }

    /// Whether some part of the text matches.
    package func matches(_ text: String) -> Bool {
        withUnsafePointer(to: compiled) { regexec($0, text, 0, nil, 0) == 0 }
    }
}
