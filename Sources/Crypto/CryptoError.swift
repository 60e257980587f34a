internal import COpenSSL

/// An operation of OpenSSL that failed, or bytes that are not what they should be: what was done, to which object, and
/// why.
package struct CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    package var operation: String
    package var object: String
    package var cause: String

    package init(_ operation: String, _ object: String, _ cause: String) {
        self.operation = operation
        self.object = object
        self.cause = cause
    }

    package var description: String { "cannot \(operation) \(object): \(cause)" }

    /// The error with what OpenSSL's queue of this thread holds; the queue is empty afterwards.
    static func last(_ operation: String, _ object: String) -> CryptoError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let text = ERR_reason_error_string(code) else {
            return CryptoError(operation, object, "no reason given")
        }
        return CryptoError(operation, object, String(cString: text))
    }
}
