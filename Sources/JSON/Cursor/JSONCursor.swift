/// Reads a JSON text in one pass, straight from its bytes, keeping nothing but what its user takes: for lists of
/// thousands of objects of which a few fields matter.
///
///     try JSONCursor.read(bytes) { cursor in
///         try cursor.enterObject()
///         while try cursor.nextMember() {
///             if cursor.isAt("name") { name = try cursor.string() } else { try cursor.skip() }
///         }
///     }
///
/// After `nextMember` or `nextElement` has said true, exactly one value is read or skipped. It is as strict as
/// `JSONValue.parse` about everything that it passes, skipped values too; duplicate keys come as often as they stand
/// there. Null reads as an empty object, array or string, as in Go.
package struct JSONCursor: ~Copyable {
    let text: UnsafeBufferPointer<UInt8>
    var offset = 0
    /// How many more containers may be opened within the present one.
    var depthLeft: Int
    /// The container was entered just now: no comma stands before what comes next.
    private var isFirst = false
    /// The container is a null.
    private var isNullContainer = false
    private var keyStart = 0
    private var keyEnd = 0
    /// The present member's name, when it is written with escapes.
    private var decodedKey: [UInt8]?

    private init(_ text: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.text = text
        depthLeft = min(depthLimit, Self.depthLimit)
    }

    /// What `skip` can hold the kinds of.
    package static let depthLimit = 128

    /// Lets the body read the one value of the text, and checks that nothing follows it.
    package static func read<Result>(
        _ text: UnsafeBufferPointer<UInt8>, depthLimit: Int = depthLimit,
        _ body: (inout JSONCursor) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        var cursor = JSONCursor(text, depthLimit: depthLimit)
        let result = try body(&cursor)
        cursor.skipSpace()
        if cursor.offset != cursor.text.count { throw cursor.error("text after the end of the document") }
        return result
    }

    package static func read<Result>(
        _ text: [UInt8], depthLimit: Int = depthLimit, _ body: (inout JSONCursor) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        try text.withUnsafeBufferPointer { (text) throws(JSONError) in
            try read(text, depthLimit: depthLimit, body)
        }
    }

    // MARK: Objects

    package mutating func enterObject() throws(JSONError) { try enter(UInt8(ascii: "{"), "expected an object") }

    /// Goes to the next member's value, or, with false, past the end of the object.
    package mutating func nextMember() throws(JSONError) -> Bool {
        guard try next(UInt8(ascii: "}")) else { return false }
        try readKey()
        return true
    }

    /// Whether the present member has this name, exactly.
    package func isAt(_ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        if let decodedKey {
            return decodedKey.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: length))
        }
        guard keyEnd - keyStart == length else { return false }
        for index in 0..<length where text[keyStart + index] != name.utf8Start[index] { return false }
        return true
    }

    /// Whether the present member's name begins so.
    package func isAt(prefix: String) -> Bool { key.hasPrefix(prefix) }

    /// The present member's name.
    package var key: String {
        if let decodedKey { return String(decoding: decodedKey, as: UTF8.self) }
        return String(decoding: text[keyStart..<keyEnd], as: UTF8.self)
    }

    // MARK: Arrays

    package mutating func enterArray() throws(JSONError) { try enter(UInt8(ascii: "["), "expected an array") }

    /// Goes to the next element, or, with false, past the end of the array.
    package mutating func nextElement() throws(JSONError) -> Bool { try next(UInt8(ascii: "]")) }

    // MARK: Steps

    private mutating func enter(_ opening: UInt8, _ rule: StaticString) throws(JSONError) {
        skipSpace()
        guard offset < text.count, text[offset] == opening else {
            guard try takeNull() else { throw error(rule) }
            isNullContainer = true
            return
        }
        if depthLeft == 0 { throw error("nested too deeply") }
        depthLeft -= 1
        offset += 1
        isFirst = true
    }

    private mutating func next(_ closing: UInt8) throws(JSONError) -> Bool {
        if isNullContainer {
            isNullContainer = false
            return false
        }
        skipSpace()
        guard offset < text.count else { throw error("the text ends inside an object or array") }
        if text[offset] == closing {
            offset += 1
            depthLeft += 1
            isFirst = false
            return false
        }
        if isFirst {
            isFirst = false
        } else {
            guard text[offset] == UInt8(ascii: ",") else { throw error("expected \",\" or the end") }
            offset += 1
            skipSpace()
        }
        return true
    }

    private mutating func readKey() throws(JSONError) {
        let name = try scanKey()
        (keyStart, keyEnd) = (name.start, name.end)
        decodedKey = name.hasEscapes ? decode(name) : nil
    }

    /// Reads a member's name and the colon after it.
    @discardableResult
    mutating func scanKey() throws(JSONError) -> StringExtent {
        skipSpace()
        guard offset < text.count, text[offset] == UInt8(ascii: "\"") else {
            throw error("expected a member's name in quotes")
        }
        let extent = try scanString()
        skipSpace()
        guard offset < text.count, text[offset] == UInt8(ascii: ":") else {
            throw error("expected \":\" after a member's name")
        }
        offset += 1
        return extent
    }

    @inline(__always)
    mutating func skipSpace() {
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    /// Computed only when something is wrong: where in lines the cursor stands.
    func error(_ reason: StaticString) -> JSONError {
        let end = min(offset, text.count)
        var (line, column) = (1, 1)
        for index in 0..<end {
            if text[index] == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        return JSONError(offset: end, line: line, column: column, reason: "\(reason)")
    }
}
