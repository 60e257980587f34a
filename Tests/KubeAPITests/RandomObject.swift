import JSON
import TestSupport

@testable import KubeAPI

extension Schema {
    /// A random object of this schema in the form that decoding gives.
    func randomValue(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch form {
        case .object:
            let values = fields.map { field -> JSONValue? in
                if field.name == "kind" || field.name == "apiVersion" { return nil }
                let odds = field.schema.form == .object || field.schema.form == .list ? depth : 3
                guard Int.random(in: 0..<6, using: &random) < odds, depth > 0 else { return nil }
                return field.schema.randomValue(depth: depth - 1, using: &random)
            }
            return assemble(values[...])
        case .map:
            let keys = Set((0..<Int.random(in: 0..<4, using: &random)).map { _ in word(using: &random) }).sorted()
            let members = keys.map {
                JSONObject.Member(key: $0, value: (element ?? .any).randomValue(depth: depth - 1, using: &random))
            }
            return .object(JSONObject(members: members))
        case .list:
            return .array(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                    (element ?? .any).randomValue(depth: depth - 1, using: &random)
                })
        case .string: return .string(enumValues.randomElement(using: &random) ?? word(using: &random))
        case .bytes: return .base64((0..<Int.random(in: 0..<5, using: &random)).map { UInt8($0 * 31) })
        case .int32: return .number(JSONNumber(Int32.random(in: .min ... .max, using: &random)))
        case .int64: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &random)))
        case .double: return .number(JSONNumber(Int.random(in: -5...5, using: &random)))
        case .bool: return .bool(Bool.random(using: &random))
        case .quantity: return .string(["0", "1", "500m", "1Gi", "3e6", "12k"].randomElement(using: &random) ?? "")
        case .intOrString: return Bool.random(using: &random) ? 80 : "25%"
        case .time: return .string(Timestamp(seconds: Int.random(in: 0..<4_000_000_000, using: &random)).time)
        case .microTime:
            let microseconds = Int.random(in: 0..<1_000_000, using: &random)
            return .string(Timestamp(seconds: 1_700_000_000, microseconds: microseconds).microTime)
        case .any: return ["a": [1, nil, "x"], "b": 2]
        case .variant:
            return fields[Int.random(in: 0..<2, using: &random)].schema.randomValue(depth: depth, using: &random)
        }
    }

    private func word(using random: inout SeededGenerator) -> String {
        ["", "a", "web", "übel", "a-longer-name.of-something", "\"quoted\"\n"].randomElement(using: &random) ?? ""
    }
}
