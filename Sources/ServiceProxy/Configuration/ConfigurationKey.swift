internal import Daemon
package import JSON

/// One key of a KubeProxyConfiguration: where it is, what it may be, the flag that says the same, and whether a running
/// proxy can follow a change of it. Reading, writing, flags, changes and the documentation go by this.
package struct ConfigurationKey: Sendable {
    package enum Change: Hashable, Sendable { case live, restart }

    /// With a dot between a section and its key.
    package let path: String
    package let flag: String?
    package let help: String
    package let change: Change
    /// Why it does nothing here, for those that do nothing.
    package let withoutEffect: String?
    let kind: Flag.Kind
    /// Takes a file's value; what says nothing leaves what is there.
    let read: @Sendable (JSONValue, inout ProxyConfiguration) throws(Violation) -> Void
    /// Takes a flag's value.
    let readFlag: @Sendable (String, inout ProxyConfiguration) throws(Violation) -> Void
    package let write: @Sendable (ProxyConfiguration) -> JSONValue
    let copy: @Sendable (ProxyConfiguration, inout ProxyConfiguration) -> Void

    /// `isPointer`: in Go's type it is one, so that a file can say zero.
    init<Value: Equatable & Sendable>(
        _ path: String, _ property: any WritableKeyPath<ProxyConfiguration, Value> & Sendable,
        _ form: ConfigurationForm<Value>, isPointer: Bool = false, flag: String? = nil, _ change: Change,
        withoutEffect: String? = nil, _ help: String
    ) {
        self.path = path
        self.flag = flag
        self.help = help
        self.change = change
        self.withoutEffect = withoutEffect
        kind = form.kind
        read = { value, configuration throws(Violation) in
            if value.isNull || !isPointer && form.isZero(value) { return }
            if let value = try form.read(value) { configuration[keyPath: property] = value }
        }
        readFlag = { text, configuration throws(Violation) in
            let value = form.lift(text)
            if value.isNull { return }
            if let value = try form.read(value) { configuration[keyPath: property] = value }
        }
        write = { form.write($0[keyPath: property]) }
        copy = { $1[keyPath: property] = $0[keyPath: property] }
    }

    /// The default as a person would write it; empty for nothing.
    package var defaultText: String {
        let value = write(ProxyConfiguration())
        if case .string(let text) = value { return text }
        return value == .array([]) || value == .object(JSONObject()) ? "" : value.serialized()
    }
}
