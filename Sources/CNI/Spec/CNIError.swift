package import JSON
internal import Linux

/// What a plugin prints on stdout, with exit status 1, when it cannot do what it was asked (CNI spec, "Error").
package struct CNIError: Error, Hashable, Sendable {
    package struct Code: Hashable, Sendable {
        package var value: Int

        package init(_ value: Int) { self.value = value }

        package static let incompatibleVersion = Code(1)
        package static let unknownContainer = Code(3)
        package static let invalidEnvironment = Code(4)
        package static let ioFailure = Code(5)
        package static let decodingFailure = Code(6)
        package static let invalidConfig = Code(7)
        package static let invalidNamespace = Code(8)
        package static let tryAgainLater = Code(11)
        /// STATUS: an ADD would fail.
        package static let notAvailable = Code(50)
        /// STATUS: an ADD would fail, and attachments that exist have limited connectivity.
        package static let limitedConnectivity = Code(51)
        package static let internalFailure = Code(999)
    }

    package var code: Code
    /// What failed, on which object.
    package var message: String
    /// Why, and what to do; may be empty.
    package var details: String

    package init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }

    /// Wraps what a lower layer threw: a CNIError keeps its code, a system call that failed is an I/O failure.
    package init(_ error: any Error) {
        switch error {
        case let error as CNIError: self = error
        case let error as SystemError where error.errno == .timedOut || error.errno == .again:
            self.init(.tryAgainLater, "\(error)")
        case let error as SystemError: self.init(.ioFailure, "\(error)")
        default: self.init(.internalFailure, "\(error)")
        }
    }

    /// The same error, told as the cause of a failure further out.
    package func prefixed(_ context: String) -> CNIError {
        CNIError(code, "\(context): \(message)", details: details)
    }

    /// The same error as the answer to STATUS: whatever the cause, an ADD would fail now. A delegate may have said so
    /// itself, and that connectivity is limited.
    var asUnavailability: CNIError {
        if code == .notAvailable || code == .limitedConnectivity { return self }
        return CNIError(.notAvailable, message, details: details)
    }

    /// The error object of the specification. `version` is the configuration's, or the latest when it is unknown.
    package func json(version: SpecVersion) -> JSONValue {
        var object = JSONObject([
            ("cniVersion", .string(version.rawValue)), ("code", .number(JSONNumber(code.value))),
            ("msg", .string(message)),
        ])
        if !details.isEmpty { object["details"] = .string(details) }
        return .object(object)
    }
}

extension CNIError: CustomStringConvertible {
    package var description: String { details.isEmpty ? message : "\(message): \(details)" }
}
