package import JSON

/// What is kept of an object: fields that a user of the API declares, read straight from the bytes. The rest is passed
/// and never becomes a value.
///
///     struct NodeAddress: Projection {
///         var podCIDR = ""
///         mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
///             guard cursor.isAt("spec") else { return false }
///             try cursor.enterObject()
///             while try cursor.nextMember() {
///                 if cursor.isAt("podCIDR") { podCIDR = try cursor.string() } else { try cursor.skip() }
///             }
///             return true
///         }
///     }
///
/// Equal projections are no change: news of other fields is not told.
package protocol Projection: Equatable, Sendable {
    init()

    /// The cursor stands at a member of the object. Reads its value and says true, or leaves it and says false.
    mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool

    /// The same for a member of `metadata`; name, namespace and resourceVersion are read already.
    mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool

    /// Called last, with the object's name and its revision, for those who keep these too. Who keeps the revision leaves
    /// it out of ==, or every change of the object is told.
    mutating func identify(_ key: ObjectKey, revision: String)
}

extension Projection {
    package mutating func identify(_ key: ObjectKey, revision: String) {}

    package mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool { false }
}

/// An object's name; the namespace is empty for kinds that have none.
package struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var namespace: String
    package var name: String

    package init(namespace: String = "", name: String) {
        self.namespace = namespace
        self.name = name
    }

    package var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    package static func < (a: Self, b: Self) -> Bool { (a.namespace, a.name) < (b.namespace, b.name) }
}

/// An object as it was read: its name, its revision, and what is kept of it.
package struct ReadObject<Content: Projection>: Equatable, Sendable {
    package var key = ObjectKey(name: "")
    /// Opaque, save that servers since 1.35 let it be compared as a number.
    package var revision = ""
    package var content = Content()

    package init() {}

    /// Reads an answer that is one object.
    package init(json bytes: [UInt8]) throws(JSONError) {
        self = try JSONCursor.read(bytes) { (cursor) throws(JSONError) in try ReadObject(&cursor) }
    }

    /// Reads the object at the cursor.
    package init(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("metadata") {
                try readMetadata(&cursor)
            } else if try !content.take(&cursor) {
                try cursor.skip()
            }
        }
        content.identify(key, revision: revision)
    }

    private mutating func readMetadata(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("name") {
                key.name = try cursor.string()
            } else if cursor.isAt("namespace") {
                key.namespace = try cursor.string()
            } else if cursor.isAt("resourceVersion") {
                revision = try cursor.string()
            } else if try !content.takeMetadata(&cursor) {
                try cursor.skip()
            }
        }
    }
}
