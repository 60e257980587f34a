internal import JSON

/// An event of a watch, as the server says it.
enum WatchEvent<Content: Projection>: Equatable, Sendable {
    case added(ReadObject<Content>)
    case modified(ReadObject<Content>)
    case deleted(ReadObject<Content>)
    /// Nothing has changed up to this revision.
    case bookmark(String, endsInitialEvents: Bool)
    /// The watch ends with this Status.
    case error(JSONValue)
    /// A type of event that this client does not know.
    case unknown(String)

    /// Reads `{"type":…,"object":…}`, its members in whichever order.
    init(_ line: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        self = try JSONCursor.read(line) { (cursor) throws(JSONError) in
            var type = ""
            var early: [UInt8]?
            var event: WatchEvent?
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("type") {
                    type = try cursor.string()
                } else if cursor.isAt("object"), type.isEmpty {
                    early = try cursor.bytes()
                } else if cursor.isAt("object") {
                    event = try Self.read(type, &cursor)
                } else {
                    try cursor.skip()
                }
            }
            if let early {
                event = try JSONCursor.read(early) { (cursor) throws(JSONError) in try Self.read(type, &cursor) }
            }
            return event ?? .unknown(type)
        }
    }

    private static func read(_ type: String, _ cursor: inout JSONCursor) throws(JSONError) -> WatchEvent {
        switch type {
        case "ADDED": return .added(try ReadObject(&cursor))
        case "MODIFIED": return .modified(try ReadObject(&cursor))
        case "DELETED": return .deleted(try ReadObject(&cursor))
        case "BOOKMARK":
            let mark = try ReadObject<BookmarkMark>(&cursor)
            return .bookmark(mark.revision, endsInitialEvents: mark.content.endsInitialEvents)
        case "ERROR": return .error(try cursor.value())
        default:
            try cursor.skip()
            return .unknown(type)
        }
    }
}

/// The annotation of the bookmark that ends initial events (KEP-3157).
private struct BookmarkMark: Projection {
    var endsInitialEvents = false

    mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool { false }

    mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        guard cursor.isAt("annotations") else { return false }
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("k8s.io/initial-events-end") {
                endsInitialEvents = try cursor.string() == "true"
            } else {
                try cursor.skip()
            }
        }
        return true
    }
}
