package import JSON

/// A JSON patch (RFC 6902), applied with the limits and the words of upstream's API server: all operations or none.
package struct JSONPatch: Sendable {
    package enum Operation: Hashable, Sendable {
        case add(path: String, JSONValue)
        case remove(path: String)
        case replace(path: String, JSONValue)
        case move(from: String, path: String)
        case copy(from: String, path: String)
        case test(path: String, JSONValue)
    }

    package let operations: [Operation]

    /// Upstream's bound on the length of a patch.
    package static let maximumOperations = 10_000
    /// Upstream's bound on what `copy` may add, in bytes of JSON.
    static let maximumCopiedBytes = 3 << 20

    /// `document`: the request's body.
    package init(_ document: JSONValue) throws(APIStatus) {
        if document.isNull {
            operations = []
            return
        }
        guard case .array(let items) = document else {
            throw .badRequest("json: cannot unmarshal \(document.goKind) into Go value of type jsonpatch.Patch")
        }
        guard items.count <= Self.maximumOperations else {
            throw .requestEntityTooLarge(
                "The allowed maximum operations in a JSON patch is \(Self.maximumOperations), got \(items.count)")
        }
        var operations: [Operation] = []
        operations.reserveCapacity(items.count)
        for item in items { operations.append(try Self.operation(item)) }
        self.operations = operations
    }

    /// The patched document. What cannot be done is refused with 422, and so is a `test` that fails.
    package func apply(to document: JSONValue) throws(APIStatus) -> JSONValue {
        var target = JSONPatchTarget(document)
        do throws(JSONPatchFailure) {
            for operation in operations { try target.apply(operation) }
        } catch {
            throw .unprocessablePatch(error.message)
        }
        return target.document
    }

    private static func operation(_ item: JSONValue) throws(APIStatus) -> Operation {
        if item.isNull { throw .unprocessablePatch("Unexpected kind: unknown") }
        guard case .object(let members) = item else {
            throw .badRequest("json: cannot unmarshal \(item.goKind) into Go value of type jsonpatch.Operation")
        }
        let kind = members.member("op")?.string ?? "unknown"
        func pointer(_ name: String) throws(APIStatus) -> String {
            if let path = members.member(name)?.string { return path }
            let what = name == "from" ? "from: operation, missing from field" : name
            throw .unprocessablePatch("\(kind) operation failed to decode \(what): missing value")
        }
        let value = members.member("value") ?? .null
        switch kind {
        case "add": return .add(path: try pointer("path"), value)
        case "remove": return .remove(path: try pointer("path"))
        case "replace": return .replace(path: try pointer("path"), value)
        case "move": return .move(from: try pointer("from"), path: try pointer("path"))
        case "copy": return .copy(from: try pointer("from"), path: try pointer("path"))
        case "test": return .test(path: try pointer("path"), value)
        default: throw .unprocessablePatch("Unexpected kind: \(kind)")
        }
    }
}

extension APIStatus {
    /// A patch that is understood and cannot be applied. Upstream's message does not say why; the cause does.
    package static func unprocessablePatch(_ why: String) -> APIStatus {
        APIStatus(
            code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request",
            details: Details(causes: [Cause(reason: "UnexpectedServerResponse", message: why, field: "patch")]))
    }
}

extension JSONValue {
    /// What Go's decoder calls a value.
    var goKind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
