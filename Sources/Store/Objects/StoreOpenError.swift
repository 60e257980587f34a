/// A store that cannot be used at all: which, and why, as a sentence for the operator.
package struct StoreOpenError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Another process has it open.
        case inUse
        /// The file is damaged; a backup has to be restored.
        case corrupt
        /// Written by a newer Poplin, or by something else.
        case unknownFormat
        /// No room to open it.
        case full
        /// The file or its directory cannot be opened, read or written; endpoints or certificates are wrong.
        case unusable
    }

    package var kind: Kind
    /// The file, or the endpoints.
    package var store: String
    package var reason: String

    package init(_ kind: Kind, _ store: String, _ reason: String) {
        self.kind = kind
        self.store = store
        self.reason = reason
    }

    package var description: String { "cannot open the store \(store): \(reason)" }
}
