/// A named set of keys, or a map from keys to data or to verdicts.
package struct NFTSet: Hashable, Sendable {
    package var table: Table
    package var name: String
    /// The components of the key; several make a concatenation.
    package var key: [DataType]
    package var value: Value
    package var options: Options
    /// Milliseconds after which an element goes away unless it says otherwise; nil for never.
    package var timeout: UInt64?
    /// The most elements that it may have; nil for any number. A set that rules add to needs one.
    package var size: UInt32?
    package var comment: String?

    package init(
        _ table: Table, _ name: String, key: [DataType], value: Value = .none, options: Options = [],
        timeout: UInt64? = nil, size: UInt32? = nil, comment: String? = nil
    ) {
        self.table = table
        self.name = name
        self.key = key
        self.value = value
        self.options = timeout == nil ? options : options.union(.timeout)
        self.timeout = timeout
        self.size = size
        self.comment = comment
    }

    /// What a key leads to.
    package enum Value: Hashable, Sendable {
        /// A plain set: only membership.
        case none
        case data([DataType])
        case verdict
    }

    /// The kernel's NFT_SET_* flags that a caller chooses.
    package struct Options: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// No rule may change the elements and no element may be added after the set is in use.
        package static let constant = Options(rawValue: 0x2)
        /// Keys may be ranges or prefixes.
        package static let interval = Options(rawValue: 0x4)
        /// Elements may have a timeout.
        package static let timeout = Options(rawValue: 0x10)
        /// Rules may add elements.
        package static let dynamic = Options(rawValue: 0x20)
    }

    var isConcatenation: Bool { key.count > 1 }
    var isInterval: Bool { options.contains(.interval) }
    package var isMap: Bool { value != .none }
    var keyword: String { isMap ? "map" : "set" }
}

extension NFTSet: CustomStringConvertible {
    package var description: String { "\(table) \(name)" }
}

extension NFTSet {
    /// The definition as nft(8) writes it, without the elements.
    var body: String {
        var parts: [String] = []
        switch value {
        case .none: parts.append("type \(key.text);")
        case .data(let types): parts.append("type \(key.text) : \(types.text);")
        case .verdict: parts.append("type \(key.text) : verdict;")
        }
        let flags = [
            (Options.constant, "constant"), (.interval, "interval"), (.timeout, "timeout"), (.dynamic, "dynamic"),
        ].filter { options.contains($0.0) }.map(\.1)
        if !flags.isEmpty { parts.append("flags \(flags.joined(separator: ","));") }
        if let timeout { parts.append("timeout \(timeout)ms;") }
        if let size { parts.append("size \(size);") }
        if let comment { parts.append("comment \"\(comment)\";") }
        return parts.joined(separator: " ")
    }
}
