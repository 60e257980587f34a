package import JSON

/// A strategic merge patch (Kubernetes concept "Update API Objects in Place Using kubectl patch"): lists are merged
/// element by element where the schema gives a merge key, and directives in the patch say what merging cannot:
/// `$patch: replace` and `$patch: delete`, `$retainKeys`, `$setElementOrder/LIST`, `$deleteFromPrimitiveList/LIST`.
package enum StrategicMergePatch {
    /// `schema` is that of the object's kind; custom resources have none that serves, and refuse this kind of patch.
    package static func apply(
        _ patch: JSONValue, to document: JSONValue, schema: Schema
    ) throws(APIStatus) -> JSONValue {
        guard case .object(let changes) = patch else {
            throw .badRequest("json: cannot unmarshal \(patch.goKind) into Go value of type map[string]interface {}")
        }
        do throws(StrategicMergeFailure) {
            return .object(try merged(document.object ?? JSONObject(), changes, schema))
        } catch {
            throw error.isUnprocessable ? .unprocessablePatch(error.message) : .badRequest(error.message)
        }
    }

    /// Merges an object or map. A schema of nil is of something that the API does not describe: its objects are merged
    /// and its lists replaced.
    static func merged(
        _ original: JSONObject, _ patch: JSONObject, _ schema: Schema?
    ) throws(StrategicMergeFailure) -> JSONObject {
        switch patch.member(Directive.patch)?.string {
        case "replace"?: return cleaned(patch)
        case "delete"?: return JSONObject()
        case let other?: throw .badPatchType(other, .object(patch))
        case nil:
            if let value = patch.member(Directive.patch) { throw .badPatchType(value.goText, .object(patch)) }
        }
        var result = MemberEditor(try retained(original, patch))
        var done = try ordered(&result, patch, schema)
        for change in patch.members where !done.contains(change.key) {
            if change.key == Directive.retainKeys || change.key.hasPrefix(Directive.order) { continue }
            let isDeletion = change.key.hasPrefix(Directive.deletion)
            let key = isDeletion ? try Directive.target(of: change.key) : change.key
            if !isDeletion { done.insert(key) }
            try change.apply(to: &result, key, isDeletion: isDeletion, schema)
        }
        return result.object
    }

    /// `$retainKeys`: what is not listed goes. The patch may set only what is listed.
    private static func retained(
        _ original: JSONObject, _ patch: JSONObject
    ) throws(StrategicMergeFailure) -> JSONObject {
        guard let directive = patch.member(Directive.retainKeys) else { return original }
        guard let list = directive.array else { throw StrategicMergeFailure("invalid patch format of retainKeys") }
        let keys = Set(list.compactMap(\.string))
        for member in patch.members where !member.value.isNull && !Directive.isOne(member.key) {
            guard keys.contains(member.key) else { throw StrategicMergeFailure("invalid patch format of retainKeys") }
        }
        return JSONObject(uncheckedMembers: original.members.filter { keys.contains($0.key) })
    }

    /// `$setElementOrder/LIST`: merges the lists that have one and puts their elements into that order. Returns the
    /// members of the patch that this has used up.
    private static func ordered(
        _ result: inout MemberEditor, _ patch: JSONObject, _ schema: Schema?
    ) throws(StrategicMergeFailure) -> Set<String> {
        var done: Set<String> = []
        for directive in patch.members where directive.key.hasPrefix(Directive.order) {
            guard let order = directive.value.array else {
                throw StrategicMergeFailure("invalid patch format of setElementOrder list")
            }
            let key = try Directive.target(of: directive.key)
            let field = schema?.field(key)
            let own = try list(result[key], key)
            let new = try list(patch.member(key), key)
            let merge = ListMerge(
                elements: field?.schema.element, key: field?.mergeKey,
                merges: field?.patchStrategy.contains(.merge) ?? false)
            if let new { try merge.check(new, follows: order) }
            let merged: [JSONValue]
            switch (own, new) {
            case (nil, nil): continue
            case (let own?, nil): merged = own
            case (nil, let new?): merged = cleaned(.array(new))?.array ?? []
            case (let own?, let new?): merged = try merge.merged(own, new)
            }
            result[key] = .array(try merge.sorted(merged, by: order, server: own ?? []))
            done.insert(key)
        }
        return done
    }

    private static func list(_ value: JSONValue?, _ key: String) throws(StrategicMergeFailure) -> [JSONValue]? {
        switch value {
        case nil, .null?: return nil
        case .array(let elements)?: return elements
        case let other?: throw StrategicMergeFailure("expected a list for \(key), but received \(other.kind)")
        }
    }

    /// A value that is new, without directives and nulls; nil for one that is only a directive.
    static func cleaned(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .object(let object): object.member(Directive.patch) != nil ? nil : .object(cleaned(object))
        case .array(let elements): .array(elements.compactMap(cleaned))
        default: value
        }
    }

    private static func cleaned(_ object: JSONObject) -> JSONObject {
        JSONObject(
            uncheckedMembers: object.members.compactMap { member in
                if member.value.isNull || Directive.isOne(member.key) { return nil }
                return cleaned(member.value).map { .init(key: member.key, value: $0) }
            })
    }
}

extension JSONObject.Member {
    /// Applies one member of a patch.
    fileprivate func apply(
        to result: inout MemberEditor, _ key: String, isDeletion: Bool, _ schema: Schema?
    ) throws(StrategicMergeFailure) {
        if value.isNull { return result[key] = nil }
        switch (result[key], value) {
        case (.object(let own)?, .object(let new)) where !isDeletion:
            if schema?.field(key)?.patchStrategy.contains(.replace) ?? false {
                result[key] = StrategicMergePatch.cleaned(value)
            } else {
                result[key] = .object(try StrategicMergePatch.merged(own, new, schema?.member(key)))
            }
        case (.array(let own)?, .array(let new)):
            let field = schema?.field(key)
            let merge = ListMerge(
                elements: field?.schema.element, key: field?.mergeKey,
                merges: field?.patchStrategy.contains(.merge) ?? false)
            result[key] = .array(isDeletion ? merge.without(own, new) : try merge.merged(own, new))
        default:
            if !isDeletion { result[key] = StrategicMergePatch.cleaned(value) }
        }
    }
}

/// The members of a patch that are instructions.
enum Directive {
    static let patch = "$patch"
    static let retainKeys = "$retainKeys"
    static let order = "$setElementOrder"
    static let deletion = "$deleteFromPrimitiveList"

    static func isOne(_ key: String) -> Bool {
        guard key.utf8.first == UInt8(ascii: "$") else { return false }
        return key == patch || key == retainKeys || key.hasPrefix(order) || key.hasPrefix(deletion)
    }

    /// What follows the slash: `containers` of `$setElementOrder/containers`.
    static func target(of key: String) throws(StrategicMergeFailure) -> String {
        let prefix = key.hasPrefix(order) ? order : deletion
        guard key.utf8.count > prefix.utf8.count, key.hasPrefix(prefix + "/") else {
            throw StrategicMergeFailure(
                "invalid patch format of \(prefix == order ? "setElementOrder" : "primitive") list")
        }
        return String(key.dropFirst(prefix.count + 1))
    }
}

struct StrategicMergeFailure: Error {
    let message: String
    var isUnprocessable = false

    init(_ message: String) { self.message = message }

    static func badPatchType(_ type: String, _ patch: JSONValue) -> StrategicMergeFailure {
        StrategicMergeFailure("unknown patch type: \(type) in map: \(patch.goText)")
    }

    static func noMergeKey(_ element: JSONValue, _ key: String) -> StrategicMergeFailure {
        StrategicMergeFailure("map: \(element.goText) does not contain declared merge key: \(key)")
    }
}
