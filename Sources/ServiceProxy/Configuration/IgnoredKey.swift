internal import JSON

/// A key of kube-proxy's that means nothing here. What is below it is not looked at.
package struct IgnoredKey: Sendable {
    package let path: String
    package let reason: String
    /// What kube-proxy itself writes, and nobody has asked for.
    var usual = JSONValue.null

    package static let all = [
        IgnoredKey(path: "ipvs", reason: "there is no mode ipvs"),
        IgnoredKey(path: "winkernel", reason: "it is for Windows"),
        IgnoredKey(path: "windowsRunAsService", reason: "it is for Windows"),
        IgnoredKey(path: "portRange", reason: "only the mode userspace had it"),
        IgnoredKey(path: "logging.flushFrequency", reason: "each line is written at once", usual: "5s"),
        IgnoredKey(path: "logging.vmodule", reason: "there is one log level"),
        IgnoredKey(path: "logging.options", reason: "there is one stream of log lines, without a buffer"),
    ]

    /// Whether there is nothing but Go's zero values, as programs write them that write every key.
    static func saysNothing(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false): true
        case .number(let number): number.double == 0
        case .string(let text): ["", "0", "0s"].contains(text)
        case .array(let list): list.isEmpty
        case .object(let object): object.members.allSatisfy { saysNothing($0.value) }
        case .bool: false
        }
    }
}
