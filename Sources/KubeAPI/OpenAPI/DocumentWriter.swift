internal import JSON

/// Writes JSON piece by piece: the documents are too large to be built as values first.
struct DocumentWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func object(_ body: (inout DocumentWriter) -> Void) {
        begin(UInt8(ascii: "{"))
        body(&self)
        end(UInt8(ascii: "}"))
    }

    mutating func array(_ body: (inout DocumentWriter) -> Void) {
        begin(UInt8(ascii: "["))
        body(&self)
        end(UInt8(ascii: "]"))
    }

    /// A member's name; its value comes next.
    mutating func key(_ name: String) {
        value(.string(name))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ json: JSONValue) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        json.append(to: &bytes)
        needsComma = true
    }

    mutating func member(_ name: String, _ json: JSONValue) {
        key(name)
        value(json)
    }

    mutating func member(_ name: String, _ text: String) { member(name, .string(text)) }

    mutating func object(_ name: String, _ body: (inout DocumentWriter) -> Void) {
        key(name)
        object(body)
    }

    mutating func array(_ name: String, _ body: (inout DocumentWriter) -> Void) {
        key(name)
        array(body)
    }

    private mutating func begin(_ bracket: UInt8) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}
