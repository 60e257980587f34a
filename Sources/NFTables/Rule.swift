/// A rule as it is wanted: tests and actions, in order.
package struct Rule: Hashable, Sendable {
    package var chain: Chain
    package var statements: [Statement]
    /// At most 127 bytes of UTF-8 are kept.
    package var comment: String?

    package init(_ chain: Chain, _ statements: [Statement], comment: String? = nil) {
        self.chain = chain
        self.statements = statements
        self.comment = comment
    }

    /// The instructions that the kernel will run.
    package var expressions: [Expression] {
        var compiler = StatementCompiler(chain.table.family)
        for statement in statements { compiler.add(statement) }
        return compiler.expressions
    }
}

extension Rule: CustomStringConvertible {
    package var description: String {
        let text = statements.map { $0.text(in: chain.table.family) }.joined(separator: " ")
        return comment.map { "\(text) comment \"\($0)\"" } ?? text
    }
}

/// A rule as the kernel holds it.
package struct InstalledRule: Hashable, Sendable {
    package var table: Table
    package var chain: String
    package var handle: UInt64
    package var expressions: [Expression]
    package var comment: String?
    /// What the rule's first counter says.
    package var packets: UInt64?
    package var bytes: UInt64?

    /// True when the kernel runs exactly what the rule asks for, with its comment.
    package func matches(_ rule: Rule) -> Bool {
        chain == rule.chain.name && table.name == rule.chain.table.name && table.family == rule.chain.table.family
            && comment == rule.comment && expressions == rule.expressions
    }
}
