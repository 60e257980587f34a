internal import JSON

struct JSONPatchFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }

    static func missing(_ message: String) -> JSONPatchFailure { JSONPatchFailure("\(message): missing value") }
}

/// The document while operations change it. It is changed in place; the steps that this takes are counted, because a
/// short patch could otherwise move a long list ten thousand times.
struct JSONPatchTarget {
    private(set) var document: JSONValue
    private var copiedBytes = 0
    private var steps = 0

    /// Elements moved and keys compared, about a second's worth.
    private static let maximumSteps = 200_000_000

    init(_ document: JSONValue) { self.document = document }

    mutating func apply(_ operation: JSONPatch.Operation) throws(JSONPatchFailure) {
        switch operation {
        case .add(let path, let value): try add(path, value, "add operation does not apply: doc is missing path")
        case .remove(let path):
            try edit(path, "remove operation does not apply: doc is missing path") { place throws(JSONPatchFailure) in
                try place.remove()
            }
        case .replace(let path, let value):
            if path.isEmpty { return document = value }
            try edit(path, "replace operation does not apply: doc is missing path") { place throws(JSONPatchFailure) in
                guard place.value() != nil else {
                    throw .missing("replace operation does not apply: doc is missing key: \(path)")
                }
                try place.replace(value)
            }
        case .move(let from, let path):
            var value = JSONValue.null
            try edit(from, "move operation does not apply: doc is missing from path") {
                place throws(JSONPatchFailure) in
                guard let found = place.value() else { throw .missing("error in move for path: '\(from)'") }
                value = found
                try place.remove()
            }
            try add(path, value, "move operation does not apply: doc is missing destination path")
        case .copy(let from, let path):
            guard let value = value(from) else {
                throw .missing("copy operation does not apply: doc is missing from path: \"\(from)\"")
            }
            copiedBytes += value.serialized().utf8.count
            guard copiedBytes <= JSONPatch.maximumCopiedBytes else {
                throw JSONPatchFailure(
                    "Unable to complete the copy, the accumulated size increase of copy is \(copiedBytes),"
                        + " exceeding the limit \(JSONPatch.maximumCopiedBytes)")
            }
            try add(path, value, "copy operation does not apply: doc is missing destination path")
        case .test(let path, let expected):
            // A value that is not there passes for null.
            guard (value(path) ?? .null).isEquivalent(to: expected) else {
                throw JSONPatchFailure("testing value \(path) failed: test failed")
            }
        }
    }

    private mutating func add(_ path: String, _ value: JSONValue, _ missing: String) throws(JSONPatchFailure) {
        if path.isEmpty { return document = value }
        try edit(path, missing) { place throws(JSONPatchFailure) in try place.add(value) }
    }

    /// The value at a pointer (RFC 6901); nil where there is none.
    private func value(_ path: String) -> JSONValue? {
        var value = document
        for key in Self.keys(path) ?? [] {
            switch value {
            case .object(let object):
                guard let next = object.member(key) else { return nil }
                value = next
            case .array(let elements):
                guard let index = JSONPatchPlace.index(key, count: elements.count), index < elements.count else {
                    return nil
                }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// Hands the container of the value at a pointer to `change`.
    private mutating func edit(
        _ path: String, _ missing: String, _ change: (inout JSONPatchPlace) throws(JSONPatchFailure) -> Void
    ) throws(JSONPatchFailure) {
        guard let keys = Self.keys(path), let last = keys.last else { throw .missing("\(missing): \"\(path)\"") }
        var found = false
        let steps = try Self.descend(&document, keys.dropLast()[...]) { container throws(JSONPatchFailure) in
            found = true
            var place = JSONPatchPlace(key: last, container: .null)
            swap(&place.container, &container)
            defer { swap(&place.container, &container) }
            do throws(JSONPatchFailure) {
                try change(&place)
            } catch {
                throw JSONPatchFailure("error in \(missing.prefix { $0 != " " }) for path: '\(path)': \(error.message)")
            }
        }
        guard found else { throw .missing("\(missing): \"\(path)\"") }
        self.steps += steps
        guard self.steps <= Self.maximumSteps else { throw JSONPatchFailure("the patch takes too many steps") }
    }

    /// Goes down to a container and changes it where it is, so that nothing on the way is copied.
    private static func descend(
        _ value: inout JSONValue, _ keys: ArraySlice<String>,
        _ change: (inout JSONValue) throws(JSONPatchFailure) -> Void
    ) throws(JSONPatchFailure) -> Int {
        guard let key = keys.first else {
            let size =
                switch value {
                case .object(let object): object.members.count
                case .array(let elements): elements.count
                default: 0
                }
            switch value {
            case .object, .array: try change(&value)
            default: break
            }
            return size
        }
        switch value {
        case .object(var object):
            value = .null
            defer { value = .object(object) }
            guard var next = object.member(key) else { return object.members.count }
            object.setMember(key, .null)
            defer { object.setMember(key, next) }
            return try object.members.count + descend(&next, keys.dropFirst(), change)
        case .array(var elements):
            value = .null
            defer { value = .array(elements) }
            guard let index = JSONPatchPlace.index(key, count: elements.count), index < elements.count else { return 0 }
            return try descend(&elements[index], keys.dropFirst(), change)
        default: return 0
        }
    }

    /// Nil for what does not begin with a slash.
    private static func keys(_ path: String) -> [String]? {
        if path.isEmpty { return [] }
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        return path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            guard $0.contains(UInt8(ascii: "~")) else { return String(Substring($0)) }
            return decoded($0)
        }
    }

    /// `~1` is a slash, `~0` a tilde.
    private static func decoded(_ part: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var rest = part[...]
        while let byte = rest.popFirst() {
            switch (byte, rest.first) {
            case (UInt8(ascii: "~"), UInt8(ascii: "0")):
                bytes.append(UInt8(ascii: "~"))
                rest = rest.dropFirst()
            case (UInt8(ascii: "~"), UInt8(ascii: "1")):
                bytes.append(UInt8(ascii: "/"))
                rest = rest.dropFirst()
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A key of an object or an index of a list, with the container that it is in.
struct JSONPatchPlace {
    let key: String
    var container: JSONValue

    /// An index may count from the end, as upstream's library has it; `-` is no index of a value.
    static func index(_ key: String, count: Int) -> Int? {
        guard let index = Int(key), index >= -count else { return nil }
        return index < 0 ? index + count : index
    }

    func value() -> JSONValue? {
        switch container {
        case .object(let object): object.member(key)
        case .array(let elements):
            Self.index(key, count: elements.count).flatMap { $0 < elements.count ? elements[$0] : nil }
        default: nil
        }
    }

    mutating func add(_ value: JSONValue) throws(JSONPatchFailure) {
        switch container {
        case .object: container.setMember(key, value)
        case .array(var elements):
            container = .null
            defer { container = .array(elements) }
            if key == "-" { return elements.append(value) }
            let index = try place(in: elements.count + 1)
            elements.insert(value, at: index)
        default: break
        }
    }

    mutating func replace(_ value: JSONValue) throws(JSONPatchFailure) {
        switch container {
        case .object: container.setMember(key, value)
        case .array(var elements):
            container = .null
            defer { container = .array(elements) }
            elements[try place(in: elements.count)] = value
        default: break
        }
    }

    mutating func remove() throws(JSONPatchFailure) {
        switch container {
        case .object(let object):
            guard object.member(key) != nil else { throw .missing("Unable to remove nonexistent key: \(key)") }
            container.setMember(key, nil)
        case .array(var elements):
            container = .null
            defer { container = .array(elements) }
            elements.remove(at: try place(in: elements.count))
        default: break
        }
    }

    private func place(in count: Int) throws(JSONPatchFailure) -> Int {
        guard let number = Int(key) else { throw JSONPatchFailure("value was not a proper array index: '\(key)'") }
        guard let index = Self.index(key, count: count), index < count else {
            throw JSONPatchFailure("Unable to access invalid index: \(number): invalid index referenced")
        }
        return index
    }
}
