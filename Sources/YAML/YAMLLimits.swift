/// What a document may cost. YAML's aliases let a few bytes stand for gigabytes of JSON, so the size that counts is
/// the size after every alias is written out.
package struct YAMLLimits: Sendable {
    /// Levels of mappings and sequences within each other, as for JSON.
    package var depth: Int
    /// Bytes of keys and scalars, those behind aliases counted each time.
    package var expandedBytes: Int

    package init(depth: Int = 128, expandedBytes: Int = 32 << 20) {
        self.depth = depth
        self.expandedBytes = expandedBytes
    }

    /// The share of nodes that may come from aliases, falling as the document grows: Go's bound, so that what the
    /// usual server takes is taken here.
    static func allowsAliases(_ aliased: Int, of nodes: Int) -> Bool {
        guard aliased > 100, nodes > 1000 else { return true }
        let (low, high) = (400_000.0, 4_000_000.0)
        let share: Double =
            switch Double(nodes) {
            case ...low: 0.99
            case high...: 0.10
            case let count: 0.99 - 0.89 * (count - low) / (high - low)
            }
        return Double(aliased) / Double(nodes) <= share
    }
}
