import JSON
import KubeClient
import Store

/// Reads the lines of a watch. Most clients are told the same bytes, which are looked into once.
struct EventReader {
    enum Event: Hashable {
        case told(Told)
        /// The code of the Status in an ERROR event.
        case failed(Int)
        case unreadable(String)
    }

    /// Nothing but the name and the revision.
    struct Nothing: Projection {
        init() {}
        mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool { false }
    }

    private var known: [Int: (path: String, revision: Revision)] = [:]
    private static let kinds: [(head: [UInt8], kind: Told.Kind)] = [
        (head("ADDED"), .added), (head("MODIFIED"), .modified), (head("DELETED"), .deleted),
    ]

    private static func head(_ word: String) -> [UInt8] { Array("{\"type\":\"\(word)\",\"object\":".utf8) }

    mutating func read(_ line: [UInt8]) -> Event {
        for (head, kind) in Self.kinds where line.starts(with: head) {
            guard let told = object(Array(line[head.count..<(line.count - 1)]), kind) else { break }
            return .told(told)
        }
        guard let event = try? JSONValue.parse(line), let object = event["object"] else {
            return .unreadable(String(decoding: line, as: UTF8.self))
        }
        let metadata = object["metadata"]
        if event["type"] == "BOOKMARK", let revision = metadata?["resourceVersion"]?.string.flatMap({ Revision($0) }) {
            let isEnd = metadata?["annotations"]?["k8s.io/initial-events-end"] == "true"
            return .told(Told(kind: isEnd ? .endOfState : .bookmark, revision: revision))
        }
        if event["type"] == "ERROR", let code = object["code"]?.int { return .failed(code) }
        return .unreadable(String(decoding: line, as: UTF8.self))
    }

    /// One object, as an event or a list has it.
    mutating func object(_ bytes: [UInt8], _ kind: Told.Kind) -> Told? {
        let fingerprint = History.fingerprint(bytes)
        if let (path, revision) = known[fingerprint] {
            return Told(kind: kind, path: path, revision: revision, fingerprint: fingerprint)
        }
        guard let object = try? ReadObject<Nothing>(json: bytes), let revision = Revision(object.revision) else {
            return nil
        }
        known[fingerprint] = (object.key.description, revision)
        return Told(kind: kind, path: object.key.description, revision: revision, fingerprint: fingerprint)
    }
}
