/// One plugin type. A value without state: all that it needs comes with the call, all that it keeps is on disk or in
/// the kernel. What it throws becomes the error object on stdout (`CNIError.init(_:)`).
package protocol Plugin: Sendable {
    /// The name by which a configuration's `type` and the executable's name mean this plugin.
    var name: String { get }

    /// Makes the attachment. Each change to the machine is followed at once by `call.rollback.did(...)`; when this or
    /// anything after it fails, the changes are undone in reverse. A chained plugin starts from
    /// `call.config.previousResult` and hands it on.
    func add(_ call: Invocation) throws -> CNIResult

    /// Removes the attachment. What is gone already is no error: a DEL is repeated, and comes after a reboot or a
    /// failed ADD, with no namespace. Everything is tried, then the first error is thrown.
    func del(_ call: Invocation) throws

    /// Throws when the attachment is not as `call.config.previousResult` says.
    func check(_ call: Invocation) throws

    /// Removes what belongs to this network and to no attachment in `valid`.
    func gc(_ call: Invocation, valid: Set<Attachment>) throws

    /// Throws when an ADD would fail now; the answer is code 50 unless the error is 51. Must take no more than a few milliseconds.
    func status(_ call: Invocation) throws
}

extension Plugin {
    package func check(_ call: Invocation) throws {}
    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {}
    package func status(_ call: Invocation) throws {}
}
