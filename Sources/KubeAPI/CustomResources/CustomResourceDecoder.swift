internal import JSON

/// Prunes custom resources to what their structural schema describes. Values keep their form: what is wrong with them is
/// for validation to say.
struct CustomResourceDecoder {
    private var problems: [String] = []
    private var path = FieldPath()
    private static let problemLimit = 100

    static func decode(_ json: JSONValue, _ schema: Schema) throws(DecodingError) -> DecodedObject {
        guard case .object = json else { throw DecodingError(message: "the object is no JSON object") }
        var decoder = CustomResourceDecoder()
        let value = try decoder.pruned(json, schema)
        return DecodedObject(value: value, strictProblems: decoder.problems)
    }

    private mutating func pruned(_ json: JSONValue, _ schema: Schema) throws(DecodingError) -> JSONValue {
        switch (schema.form, json) {
        case (.object, .object(let members)): return try object(members, schema)
        case (.map, .object(let object)):
            var members: [JSONObject.Member] = []
            for member in unique(object).members {
                path.push(.field(member.key))
                members.append(.init(key: member.key, value: try pruned(member.value, schema.element ?? .any)))
                path.pop()
            }
            return .object(JSONObject(members: members))
        case (.list, .array(let elements)):
            var values: [JSONValue] = []
            values.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                path.push(.index(index))
                values.append(try pruned(element, schema.element ?? .any))
                path.pop()
            }
            return .array(values)
        default: return json
        }
    }

    private mutating func object(_ object: JSONObject, _ schema: Schema) throws(DecodingError) -> JSONValue {
        var members: [JSONObject.Member] = []
        for member in unique(object).members {
            guard let field = schema.field(member.key) else {
                if schema.keepsUnknownFields {
                    members.append(member)
                } else {
                    report("unknown", member.key)
                }
                continue
            }
            if member.value == .null, !field.schema.isNullable, field.defaultValue != nil { continue }
            path.push(.field(member.key))
            if !field.schema.isStructural, field.schema.form == .object {
                // Metadata is of a built-in type, here as everywhere.
                let decoded = try field.schema.decode(member.value)
                for problem in decoded.strictProblems where problems.count < Self.problemLimit {
                    problems.append(problem.replacingFirst("field \"", "field \"\(path)."))
                }
                members.append(.init(key: member.key, value: decoded.value))
            } else {
                members.append(.init(key: member.key, value: try pruned(member.value, field.schema)))
            }
            path.pop()
        }
        return .object(JSONObject(members: members))
    }

    /// The last of duplicate members stays, where the first one was.
    private mutating func unique(_ object: JSONObject) -> JSONObject {
        var places: [String: Int] = [:]
        var members: [JSONObject.Member] = []
        for member in object.members {
            if let place = places[member.key] {
                report("duplicate", member.key)
                members[place] = member
            } else {
                places[member.key] = members.count
                members.append(member)
            }
        }
        return JSONObject(members: members)
    }

    private mutating func report(_ what: String, _ key: String) {
        guard problems.count < Self.problemLimit else { return }
        path.push(.field(key))
        let problem = "\(what) field \(FieldCause.quoted(path.description))"
        path.pop()
        if !problems.contains(problem) { problems.append(problem) }
    }
}

extension String {
    fileprivate func replacingFirst(_ part: String, _ other: String) -> String {
        guard let start = utf8.indices.first(where: { self[$0...].hasPrefix(part) }) else { return self }
        return self[..<start] + other + self[index(start, offsetBy: part.count)...]
    }
}
