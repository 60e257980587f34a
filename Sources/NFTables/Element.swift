package import NetTypes

/// An element of a set or map.
package struct Element: Hashable, Sendable {
    package var key: [Datum]
    /// The last key of a range, component by component and inclusive; nil for a single key.
    package var keyEnd: [Datum]?
    package var value: Value?
    /// Milliseconds to live; nil for the set's own.
    package var timeout: UInt64?
    package var comment: String?

    /// What the key leads to in a map.
    package enum Value: Hashable, Sendable {
        case data([Datum])
        case verdict(Verdict)
    }

    package init(
        _ key: [Datum], through keyEnd: [Datum]? = nil, timeout: UInt64? = nil, comment: String? = nil
    ) {
        self.key = key
        self.keyEnd = keyEnd == key ? nil : keyEnd
        self.timeout = timeout
        self.comment = comment
    }

    package init(_ key: [Datum], _ data: [Datum], timeout: UInt64? = nil, comment: String? = nil) {
        self.init(key, timeout: timeout, comment: comment)
        value = .data(data)
    }

    package init(_ key: [Datum], _ verdict: Verdict, timeout: UInt64? = nil, comment: String? = nil) {
        self.init(key, timeout: timeout, comment: comment)
        value = .verdict(verdict)
    }

    /// A range of addresses for each prefix, in an interval set whose key is one address or several.
    package init(prefixes: [CIDR], comment: String? = nil) {
        self.init(
            prefixes.map { .address($0.first) }, through: prefixes.map { .address($0.last) }, comment: comment)
    }
}

extension Element: CustomStringConvertible {
    /// The element as nft(8) writes it.
    package var description: String {
        var text = zip(key, keyEnd ?? key).map { $0 == $1 ? "\($0)" : "\($0)-\($1)" }.joined(separator: " . ")
        if let timeout { text += " timeout \(timeout)ms" }
        if let comment { text += " comment \"\(comment)\"" }
        switch value {
        case .data(let data): text += " : \(data.text)"
        case .verdict(let verdict): text += " : \(verdict)"
        case nil: break
        }
        return text
    }
}
