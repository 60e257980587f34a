extension Transaction: CustomStringConvertible {
    /// One line a change, in the language of nft(8). nft reads it, except for rules placed by handle that went away
    /// since and for `destroy`, which nft knows only from 1.0.7.
    package var description: String { changes.map { $0.description + "\n" }.joined() }
}

extension Transaction.Change: CustomStringConvertible {
    package var description: String {
        switch self {
        case .object(let verb, let object):
            "\(verb) \(object.name)\(verb == .add || verb == .create ? object.definition : object.selection)"
        case .rule(.last, let rule): "add rule \(rule.chain) \(rule)"
        case .rule(.first, let rule): "insert rule \(rule.chain) \(rule)"
        case .rule(.after(let handle), let rule): "add rule \(rule.chain) handle \(handle) \(rule)"
        case .rule(.before(let handle), let rule): "insert rule \(rule.chain) handle \(handle) \(rule)"
        case .rule(.replacing(let handle), let rule): "replace rule \(rule.chain) handle \(handle) \(rule)"
        case .deleteRule(let handle, let chain): "delete rule \(chain) handle \(handle)"
        case .flushTable(let table): "flush table \(table)"
        case .flushChain(let chain): "flush chain \(chain)"
        case .flushSet(let set): "flush \(set.keyword) \(set)"
        }
    }
}

extension Transaction.Object {
    /// Kind and name, as in `map ip poplin hostports`.
    var name: String {
        switch self {
        case .table(let table): "table \(table)"
        case .chain(let chain): "chain \(chain)"
        case .set(let set): "\(set.keyword) \(set)"
        case .elements(let elements): "element \(elements.set)"
        }
    }

    fileprivate var definition: String {
        switch self {
        case .table(let table):
            block(
                [table.isOwned ? "flags owner;" : nil, table.comment.map { "comment \"\($0)\";" }].compactMap(\.self))
        case .chain(let chain):
            block([chain.base?.description, chain.comment.map { "comment \"\($0)\";" }].compactMap(\.self))
        case .set(let set): block([set.body])
        case .elements(let elements): list(elements)
        }
    }

    /// Deletion names elements by their key alone.
    fileprivate var selection: String {
        guard case .elements(let elements) = self else { return "" }
        return list(elements.map { Element($0.key, through: $0.keyEnd) })
    }

    private func list(_ elements: some Sequence<Element>) -> String {
        block([elements.map(\.description).joined(separator: ", ")])
    }

    private func block(_ parts: [String]) -> String { parts.isEmpty ? "" : " { \(parts.joined(separator: " ")) }" }
}
