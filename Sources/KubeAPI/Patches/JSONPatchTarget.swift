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

    /// Elements moved and keys compared: a quarter of a second's worth.
    private static let maximumSteps = 100_000_000

    init(_ document: JSONValue) { self.document = document }

    mutating func apply(_ operation: JSONPatch.Operation) throws(JSONPatchFailure) {
        switch operation {
        case .add(let path, let value):
            let missing = "add operation does not apply: doc is missing path: \(FieldCause.quoted(path))"
            try edit(path, missing, "error in add for path: '\(path)'") { place throws(JSONPatchFailure) in
                try place.add(value)
            }
        case .remove(let path):
            let missing = "remove operation does not apply: doc is missing path: \(FieldCause.quoted(path))"
            try edit(path, missing, "error in remove for path: '\(path)'") { place throws(JSONPatchFailure) in
                _ = try place.remove()
            }
        case .replace(let path, let value):
            if path.isEmpty { return document = value }
            let missing = "replace operation does not apply: doc is missing path: \(path)"
            try edit(path, missing, nil) { place throws(JSONPatchFailure) in
                do throws(JSONPatchFailure) {
                    try place.replace(value)
                } catch {
                    throw .missing("replace operation does not apply: doc is missing key: \(path)")
                }
            }
        case .move(let from, let path):
            var value = JSONValue.null
            let key = Self.keys(from)?.last ?? ""
            let missing = "move operation does not apply: doc is missing from path: \(from)"
            try edit(from, missing, "error in move for path: '\(key)'") { place throws(JSONPatchFailure) in
                value = try place.remove()
            }
            let destination = "move operation does not apply: doc is missing destination path: \(path)"
            try edit(path, destination, "error in move for path: '\(path)'") { place throws(JSONPatchFailure) in
                try place.add(value)
            }
        case .copy(let from, let path): try copy(from, path)
        case .test(let path, let expected): try test(path, expected)
        }
    }

    private mutating func copy(_ from: String, _ path: String) throws(JSONPatchFailure) {
        guard let place = place(from) else {
            throw .missing("copy operation does not apply: doc is missing from path: \(from)")
        }
        var value = JSONValue.null
        do throws(JSONPatchFailure) {
            value = try place.value()
        } catch {
            throw JSONPatchFailure("error in copy for from: '\(from)': \(error.message)")
        }
        copiedBytes += value.serialized().utf8.count
        guard copiedBytes <= JSONPatch.maximumCopiedBytes else {
            throw JSONPatchFailure(
                "Unable to complete the copy, the accumulated size increase of copy is \(copiedBytes),"
                    + " exceeding the limit \(JSONPatch.maximumCopiedBytes)")
        }
        let missing = "copy operation does not apply: doc is missing destination path: \(path)"
        try edit(path, missing, "error while adding value during copy") { place throws(JSONPatchFailure) in
            try place.add(value)
        }
    }

    private func test(_ path: String, _ expected: JSONValue) throws(JSONPatchFailure) {
        var value = document
        if !path.isEmpty {
            guard let place = place(path) else {
                throw .missing("test operation does not apply: is missing path: \(path)")
            }
            do throws(JSONPatchFailure) {
                value = try place.value()
            } catch {
                throw JSONPatchFailure("error in test for path: '\(path)': \(error.message)")
            }
        }
        guard value.isEquivalent(to: expected) else {
            throw JSONPatchFailure("testing value \(path) failed: test failed")
        }
    }

    /// The container of the value at a pointer (RFC 6901); nil where there is none.
    private func place(_ path: String) -> JSONPatchPlace? {
        guard let keys = Self.keys(path), let last = keys.last else { return nil }
        var value = document
        for key in keys.dropLast() {
            guard let next = try? JSONPatchPlace(key: key, container: value).value() else { return nil }
            value = next
        }
        switch value {
        case .object, .array: return JSONPatchPlace(key: last, container: value)
        default: return nil
        }
    }

    /// Hands the container of the value at a pointer to `change`. `missing` says that there is none, `failed` what it
    /// was that `change` could not do.
    private mutating func edit(
        _ path: String, _ missing: String, _ failed: String?,
        _ change: (inout JSONPatchPlace) throws(JSONPatchFailure) -> Void
    ) throws(JSONPatchFailure) {
        guard let keys = Self.keys(path), let last = keys.last else { throw .missing(missing) }
        var found = false
        let steps = try Self.descend(&document, keys.dropLast()[...]) { container throws(JSONPatchFailure) in
            found = true
            var place = JSONPatchPlace(key: last, container: .null)
            swap(&place.container, &container)
            defer { swap(&place.container, &container) }
            do throws(JSONPatchFailure) {
                try change(&place)
            } catch {
                throw failed.map { JSONPatchFailure("\($0): \(error.message)") } ?? error
            }
        }
        guard found else { throw .missing(missing) }
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
        if var object = value.takeObject() {
            defer { value = .object(object) }
            guard var next = object.member(key) else { return object.members.count }
            object.setMember(key, .null)
            defer { object.setMember(key, next) }
            return try object.members.count + descend(&next, keys.dropFirst(), change)
        }
        if var elements = value.takeElements() {
            defer { value = .array(elements) }
            guard let index = JSONPatchPlace.index(key, count: elements.count), index < elements.count else { return 0 }
            return try descend(&elements[index], keys.dropFirst(), change)
        }
        return 0
    }

    /// What follows each slash; what stands before the first one does not count. Nil without a slash.
    private static func keys(_ path: String) -> [String]? {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count > 1 else { return nil }
        return parts.dropFirst().map {
            $0.contains(UInt8(ascii: "~")) ? decoded($0) : String(Substring($0))
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

    /// A member that is not there is null; an element that is not there is an error.
    func value() throws(JSONPatchFailure) -> JSONValue {
        switch container {
        case .object(let object): return object.member(key) ?? .null
        case .array(let elements): return elements[try place(in: elements.count)]
        default: return .null
        }
    }

    mutating func add(_ value: JSONValue) throws(JSONPatchFailure) {
        guard var elements = container.takeElements() else { return container.setMember(key, value) }
        defer { container = .array(elements) }
        if key == "-" { return elements.append(value) }
        guard Int(key) != nil else {
            throw JSONPatchFailure("value was not a proper array index: '\(key)': \(notANumber)")
        }
        elements.insert(value, at: try place(in: elements.count + 1))
    }

    mutating func replace(_ value: JSONValue) throws(JSONPatchFailure) {
        guard var elements = container.takeElements() else { return container.setMember(key, value) }
        defer { container = .array(elements) }
        elements[try place(in: elements.count)] = value
    }

    /// Gives what it has removed.
    mutating func remove() throws(JSONPatchFailure) -> JSONValue {
        if var elements = container.takeElements() {
            defer { container = .array(elements) }
            return elements.remove(at: try place(in: elements.count))
        }
        guard let value = container.member(key) else { throw .missing("Unable to remove nonexistent key: \(key)") }
        container.setMember(key, nil)
        return value
    }

    private func place(in count: Int) throws(JSONPatchFailure) -> Int {
        guard let number = Int(key) else { throw JSONPatchFailure(notANumber) }
        guard let index = Self.index(key, count: count), index < count else {
            throw JSONPatchFailure("Unable to access invalid index: \(number): invalid index referenced")
        }
        return index
    }

    private var notANumber: String { "strconv.Atoi: parsing \(FieldCause.quoted(key)): invalid syntax" }
}

extension JSONValue {
    /// Takes the elements of a list out, so that they have one owner and are changed where they are; null stays.
    fileprivate mutating func takeElements() -> [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        self = .null
        return elements
    }

    /// The same of an object's members.
    fileprivate mutating func takeObject() -> JSONObject? {
        guard case .object(let object) = self else { return nil }
        self = .null
        return object
    }
}
