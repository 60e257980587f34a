import JSON
import TestSupport

extension JSONValue {
    /// A small document with few names, so that two of them have much in common.
    static func random(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 4), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .number(JSONNumber(Int.random(in: -3...3, using: &random)))
        case 3: .string(["", "a", "é"][Int.random(in: 0..<3, using: &random)])
        case 4:
            .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            .object(
                JSONObject(
                    (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                        (
                            ["a", "b", "c", "d"][Int.random(in: 0..<4, using: &random)],
                            .random(depth: depth - 1, using: &random)
                        )
                    }))
        }
    }
}
