internal import JSON

/// What the server needs of an object's encoded bytes without decoding them: its metadata.
///
/// Read from the bytes when it is asked for, and kept nowhere: a look costs about a microsecond, while headers of tens of
/// thousands of objects would cost as much memory as the objects.
package struct ObjectHeader {
    package struct OwnerReference: Hashable, Sendable {
        package var apiVersion = ""
        package var kind = ""
        package var name = ""
        package var uid = ""
        package var isController = false
        package var blocksOwnerDeletion = false
    }

    package var name = ""
    package var namespace = ""
    package var uid = ""
    package var creationTimestamp = ""
    /// RFC 3339; nil while the object is not being deleted.
    package var deletionTimestamp: String?
    package var generation = 0
    package var finalizers: [String] = []
    package var ownerReferences: [OwnerReference] = []
    package var labels: [String: String] = [:]

    /// Whether an owner that is deleted in the foreground waits for this object to go.
    func blocksDeletion(of owner: String) -> Bool {
        ownerReferences.contains { $0.uid == owner && $0.blocksOwnerDeletion }
    }

    package init(_ bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { buffer in ObjectHeader(JSONSkim(buffer)) }
    }

    private init(_ skim: JSONSkim) {
        guard let document = skim.document, let metadata = skim.opened("metadata", of: document) else { return }
        skim.forEachMember(of: metadata) { key, value in
            if skim.has(key, "name") {
                name = skim.string(value) ?? ""
            } else if skim.has(key, "namespace") {
                namespace = skim.string(value) ?? ""
            } else if skim.has(key, "uid") {
                uid = skim.string(value) ?? ""
            } else if skim.has(key, "labels") {
                labels = skim.strings(value)
            } else if skim.has(key, "creationTimestamp") {
                creationTimestamp = skim.string(value) ?? ""
            } else if skim.has(key, "deletionTimestamp") {
                deletionTimestamp = skim.string(value)
            } else if skim.has(key, "generation") {
                generation = Int(skim.text(value)) ?? 0
            } else if skim.has(key, "finalizers") {
                skim.forEachElement(of: value) { if let text = skim.string($0) { finalizers.append(text) } }
            } else if skim.has(key, "ownerReferences") {
                ownerReferences = Self.owners(skim, value)
            }
            return true
        }
    }

    private static func owners(_ skim: JSONSkim, _ array: Range<Int>) -> [OwnerReference] {
        var owners: [OwnerReference] = []
        skim.forEachElement(of: array) { element in
            var owner = OwnerReference()
            skim.forEachMember(of: element) { key, value in
                switch skim.text(key) {
                case "apiVersion": owner.apiVersion = skim.string(value) ?? ""
                case "kind": owner.kind = skim.string(value) ?? ""
                case "name": owner.name = skim.string(value) ?? ""
                case "uid": owner.uid = skim.string(value) ?? ""
                case "controller": owner.isController = skim.text(value) == "true"
                case "blockOwnerDeletion": owner.blocksOwnerDeletion = skim.text(value) == "true"
                default: break
                }
                return true
            }
            owners.append(owner)
        }
        return owners
    }
}

extension JSONSkim {
    /// The bytes as they are; a key or a number.
    package func text(_ range: Range<Int>) -> String { String(decoding: bytes(range), as: UTF8.self) }

    /// The value of a string literal; nil when the value is none.
    package func string(_ range: Range<Int>) -> String? {
        guard isString(range), range.count >= 2 else { return nil }
        let inner = bytes(range.lowerBound + 1..<range.upperBound - 1)
        if !inner.contains(UInt8(ascii: "\\")) { return String(decoding: inner, as: UTF8.self) }
        return (try? JSONValue.parse(bytes(range)))?.string
    }

    /// An object whose values are strings, such as labels.
    package func strings(_ object: Range<Int>) -> [String: String] {
        var result: [String: String] = [:]
        forEachMember(of: object) { key, value in
            // A key is a string without its quotes around it.
            if let key = string(key.lowerBound - 1..<key.upperBound + 1) { result[key] = string(value) ?? "" }
            return true
        }
        return result
    }

    /// A scalar as a field selector sees it: a string's text, a number or boolean as it is written; nil for anything
    /// else, and for what is not there. A step "0" is a list's first element.
    package func scalarText(_ path: [String]) -> String? {
        var range = document
        for key in path {
            guard let current = range else { return nil }
            range = key == "0" ? firstElement(of: current) : opened(key, of: current)
        }
        guard let range = range.flatMap(closed) else { return nil }
        if let string = string(range) { return string }
        let literal = text(range)
        switch literal.utf8.first {
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "-"), .some(48...57): return literal
        default: return nil
        }
    }

    private func firstElement(of array: Range<Int>) -> Range<Int>? {
        var first: Range<Int>?
        forEachElement(of: array) { if first == nil { first = $0 } }
        return first
    }
}
