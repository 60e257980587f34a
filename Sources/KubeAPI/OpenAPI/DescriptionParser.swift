/// What is said about a message and its fields.
struct MessageDescription {
    var text: String
    var fields: [String: String] = [:]
    /// Messages that say what this one does not about fields of the same name.
    var includes: [String] = []
}

/// Reads a group's descriptions (`SchemaText` has the notation). They are part of the program: what cannot be read is a
/// programmer's error, kept in `problems` for the tests to see.
struct DescriptionParser {
    private(set) var messages: [String: MessageDescription] = [:]
    private(set) var problems: [String] = []
    private var message = ""
    /// Empty while the message's own text is read.
    private var field = ""

    init(_ texts: [String]) {
        for text in texts {
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
                let content = line.drop { $0 == UInt8(ascii: " ") }
                add(Substring(content), indentation: line.count - content.count)
            }
        }
    }

    private mutating func add(_ line: Substring, indentation: Int) {
        switch indentation {
        case 0: beginMessage(line)
        case 2 where line.utf8.first == UInt8(ascii: "@"):
            messages[message]?.includes.append(String(line.utf8.dropFirst()) ?? "")
        case 2: beginField(line)
        case 4 where field.isEmpty: messages[message]?.text += " \(line)"
        case 4: messages[message]?.fields[field]? += " \(line)"
        default: problems.append("\(message): \(line)")
        }
    }

    private mutating func beginMessage(_ line: Substring) {
        guard let (name, text) = Self.parts(of: line), messages[name] == nil else {
            return problems.append(String(line))
        }
        messages[name] = MessageDescription(text: text)
        message = name
        field = ""
    }

    private mutating func beginField(_ line: Substring) {
        guard let (name, text) = Self.parts(of: line), messages[message]?.fields[name] == nil else {
            return problems.append("\(message): \(line)")
        }
        messages[message]?.fields[name] = text
        field = name
    }

    /// "name: text"; no name has a colon in it.
    private static func parts(of line: Substring) -> (name: String, text: String)? {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let text = line.utf8[colon...].dropFirst(2)
        return (String(line[..<colon]), String(Substring(text)))
    }
}
