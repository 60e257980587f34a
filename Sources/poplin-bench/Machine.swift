internal import Glibc
internal import Linux

/// What a figure was measured on, in one line for the head of its table.
func describeMachine() -> String {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let architecture = withUnsafeBytes(of: name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let processor =
        ((try? Files.readText("/proc/cpuinfo")) ?? "").split(separator: "\n")
        .first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.drop { $0 == " " } }
        ?? "unknown processor"
    return "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) × \(processor), \(architecture), Linux \(release)"
}
