import JSON
import KubeClient
import Store

@testable import ControlPlane

/// Reads the events of a watch, and lists, in any form. Most clients are told the same bytes of JSON, which are looked
/// into once.
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

    let form: WatchForm
    private var known: [Int: (path: String, revision: Revision)] = [:]
    /// Of a table, only the first event of a watch has the columns.
    private var columns: Int?

    init(_ form: WatchForm = .json) { self.form = form }

    /// Another watch begins.
    mutating func begin() { columns = nil }

    private static let kinds: [(head: [UInt8], word: String, kind: Told.Kind)] = [
        (head("ADDED"), "ADDED", .added), (head("MODIFIED"), "MODIFIED", .modified),
        (head("DELETED"), "DELETED", .deleted),
    ]

    private static func head(_ word: String) -> [UInt8] { Array("{\"type\":\"\(word)\",\"object\":".utf8) }

    /// An event: a line without its end, or a message without its length.
    mutating func read(_ bytes: [UInt8]) -> Event {
        if form == .json {
            for (head, _, kind) in Self.kinds where bytes.starts(with: head) {
                guard let told = object(Array(bytes[head.count..<(bytes.count - 1)]), kind) else { break }
                return .told(told)
            }
        }
        let parts: (word: String, object: JSONValue)? =
            if form == .protobuf {
                ProtobufWatchFrames.event(bytes)
            } else if let event = try? JSONValue.parse(bytes), let object = event.at("object") {
                (event.text("type"), object)
            } else {
                nil
            }
        guard let (word, object) = parts else { return .unreadable(String(decoding: bytes, as: UTF8.self)) }
        return event(word, object) ?? .unreadable("\(word) \(object.serialized())")
    }

    private mutating func event(_ word: String, _ object: JSONValue) -> Event? {
        switch word {
        case "ERROR": return object.at("code")?.int.map { .failed($0) }
        case "BOOKMARK":
            let told = form.isTable ? object.list("rows").first?.at("object") : object
            guard let revision = Revision(told?.text("metadata", "resourceVersion") ?? "") else { return nil }
            let isEnd = told?.text("metadata", "annotations", "k8s.io/initial-events-end") == "true"
            return .told(Told(kind: isEnd ? .endOfState : .bookmark, revision: revision))
        default:
            guard form != .json, let kind = Self.kinds.first(where: { $0.word == word })?.kind else { return nil }
            if !form.isTable { return told(object, kind).map { .told($0) } }
            let found = object.at("columnDefinitions").map { $0.array?.count ?? 0 }
            guard (found == nil) == (columns != nil) else { return nil }
            columns = found ?? columns
            let rows = rows(object, columns ?? 0, kind)
            guard let row = rows?.first, rows?.count == 1,
                object.text("metadata", "resourceVersion") == "\(row.revision)"
            else { return nil }
            return .told(row)
        }
    }

    /// One object, as an event or a list has it in JSON.
    private mutating func object(_ bytes: [UInt8], _ kind: Told.Kind) -> Told? {
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

    /// One object in another form.
    private func told(_ object: JSONValue, _ kind: Told.Kind) -> Told? {
        let (namespace, name) = (object.text("metadata", "namespace"), object.text("metadata", "name"))
        guard let revision = Revision(object.text("metadata", "resourceVersion")), !name.isEmpty else { return nil }
        if form == .partialMetadata || form == .table {
            guard object.text("kind") == "PartialObjectMetadata", object.text("apiVersion") == "meta.k8s.io/v1"
            else { return nil }
        }
        return Told(
            kind: kind, path: namespace.isEmpty ? name : "\(namespace)/\(name)", revision: revision,
            fingerprint: form.fingerprint(object))
    }

    /// The rows of a table with so many columns, the first of which is the name.
    private func rows(_ table: JSONValue, _ columns: Int, _ kind: Told.Kind) -> [Told]? {
        var rows: [Told] = []
        for row in table.list("rows") {
            let object = row.at("object") ?? .null
            guard let told = told(object, kind), columns > 0, row.list("cells").count == columns,
                row.list("cells").first?.string == object.text("metadata", "name")
            else { return nil }
            rows.append(told)
        }
        return rows
    }

    // MARK: Lists

    struct List {
        var revision: Revision
        var continuation: String
        var told: [Told]
    }

    /// A list, or a page of one; nil when it cannot be read.
    mutating func list(_ body: [UInt8]) -> List? {
        if form == .json {
            guard let page = ListBytes(body) else { return nil }
            var list = List(revision: page.revision, continuation: page.continuation, told: [])
            for item in page.items {
                guard let told = object(Array(body[item]), .added) else { return nil }
                list.told.append(told)
            }
            return list
        }
        let document = form == .protobuf ? try? ProtobufDocument.decode(body) : try? JSONValue.parse(body)
        guard let document, let revision = Revision(document.text("metadata", "resourceVersion")) else { return nil }
        let items = document.list("items")
        let found =
            form.isTable
            ? rows(document, document.list("columnDefinitions").count, .added)
            : items.compactMap { told($0, .added) }
        guard let found, form.isTable || found.count == items.count else { return nil }
        return List(revision: revision, continuation: document.text("metadata", "continue"), told: found)
    }
}
