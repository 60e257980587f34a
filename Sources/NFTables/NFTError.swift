package import Linux

/// A change or question that the kernel refused: which one, why, and where in the transaction it stands.
package struct NFTError: Error, Hashable, Sendable {
    /// `add`, `delete`, `list`, ...
    package var operation: String
    /// The exact object, an element with its key: `element ip poplin hostports { 192.0.2.1 . tcp . 80 }`.
    package var object: String
    package var errno: Errno
    /// The kernel's extended acknowledgement text, if it gave one.
    package var detail: String?
    /// Position in `Transaction.changes`; nil when the failure is not of one change.
    package var change: Int?
    /// The refused element of the change, when the kernel told which.
    package var element: Element?
    /// How many more changes of the same transaction were refused; often they only follow from this one.
    package var otherFailures = 0

    package init(_ operation: String, _ object: String, _ errno: Errno, detail: String? = nil) {
        self.operation = operation
        self.object = object
        self.errno = errno
        self.detail = detail
    }

    /// The object, or the table that it is in, is absent.
    package var isNotFound: Bool { errno == .noEntry }
    package var isAlreadyExists: Bool { errno == .exists }
    /// Somebody else changed the ruleset since the generation that the commit expected: read again and plan again.
    package var isGenerationChanged: Bool { errno == .restart }
}

extension Errno {
    /// ERESTART, by which nf_tables refuses a batch for another generation.
    static let restart = Errno(85)
}

extension NFTError: CustomStringConvertible {
    package var description: String {
        if isGenerationChanged {
            return "cannot \(operation) \(object): the ruleset was changed by somebody else in between"
        }
        var text = "cannot \(operation) \(object): \(errno)"
        if let detail { text += " (\(detail))" }
        if otherFailures > 0 { text += "; \(otherFailures) more refused in the same transaction" }
        return text
    }
}
