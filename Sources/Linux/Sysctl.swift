/// Kernel settings under /proc/sys, by path: `net/ipv4/ip_forward`. Those of the network are the calling thread's
/// namespace's.
package enum Sysctl {
    package static func read(_ key: String) throws(SystemError) -> String {
        let text = try Files.readText("/proc/sys/\(key)")
        return text.last == "\n" ? String(text.dropLast()) : text
    }

    /// Writes the value unless it is there already: /proc/sys may be read-only, and right.
    package static func set(_ key: String, _ value: String) throws(SystemError) {
        if try read(key) == value { return }
        try Files.write("/proc/sys/\(key)", value)
    }

    /// The same, but a setting that this kernel does not have is no error.
    package static func setIfPresent(_ key: String, _ value: String) throws(SystemError) {
        do { try set(key, value) } catch  where error.isNotFound {}
    }
}
