/// The grammar of a request's head: RFC 9112, sections 3 to 6, and RFC 9110, section 5.
enum HTTPRequestHead {
    private struct Refusal: Error {
        var status = 400
        var reason: String
    }

    private struct Fields {
        var hosts = 0
        var lengths: [Substring] = []
        var hasTransferEncoding = false
        var closes = false
    }

    /// Parses the lines of a head, without the empty one.
    static func parse(_ bytes: ArraySlice<UInt8>) -> HTTPRequestParser.Outcome {
        do {
            return .request(try request(bytes))
        } catch {
            return .refused(status: error.status, reason: error.reason)
        }
    }

    private static func request(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> HTTPServerRequest {
        // Every LF has its CR: the parser has looked. A CR alone is refused as a control character below.
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? line.dropLast() : line
        }[...]
        guard let first = lines.popFirst() else { throw Refusal(reason: "there is no request line") }
        let words = first.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3 else { throw Refusal(reason: "the request line is not three words") }
        guard !words[0].isEmpty, words[0].allSatisfy(isTokenCharacter) else {
            throw Refusal(reason: "the method is no word")
        }
        let isHTTP11 = try version(words[2])

        var fields = Fields()
        for line in lines { try read(line, into: &fields) }
        guard fields.hosts == 1 || (fields.hosts == 0 && !isHTTP11) else {
            throw Refusal(reason: "there is not exactly one Host")
        }
        try refuseBody(fields)

        let method: HTTPServerRequest.Method
        switch String(decoding: words[0], as: UTF8.self) {
        case "GET": method = .get
        case "HEAD": method = .head
        default: throw Refusal(status: 405, reason: "only GET and HEAD are served")
        }
        let (path, query) = try target(words[1])
        return HTTPServerRequest(method: method, path: path, query: query, isPersistent: isHTTP11 && !fields.closes)
    }

    private static func version(_ word: ArraySlice<UInt8>) throws(Refusal) -> Bool {
        switch String(decoding: word, as: UTF8.self) {
        case "HTTP/1.1": return true
        case "HTTP/1.0": return false
        case let other where other.hasPrefix("HTTP/"):
            throw Refusal(status: 505, reason: "only HTTP/1.1 and HTTP/1.0 are spoken")
        default: throw Refusal(reason: "the request line does not end with a version")
        }
    }

    /// `/path?query`, or the same with scheme and authority before it, as proxies get it.
    private static func target(_ word: ArraySlice<UInt8>) throws(Refusal) -> (String, String?) {
        guard word.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw Refusal(reason: "the target has characters that must be escaped")
        }
        var text = Substring(decoding: word, as: UTF8.self)
        if text.lowercased().hasPrefix("http://") {
            text = text.dropFirst("http://".count).drop { $0 != "/" && $0 != "?" }
            if text.isEmpty || text.hasPrefix("?") { text = "/" + text }
        }
        guard text.hasPrefix("/") else { throw Refusal(reason: "the target is no path") }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
    }

    private static func read(_ line: ArraySlice<UInt8>, into fields: inout Fields) throws(Refusal) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw Refusal(reason: "a header line has no colon")
        }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(isTokenCharacter) else {
            throw Refusal(reason: "a header's name is no word")
        }
        let bytes = line[(colon + 1)...]
        guard bytes.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            throw Refusal(reason: "a header's value has control characters")
        }
        let value = trimmed(Substring(decoding: bytes, as: UTF8.self))
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "host": fields.hosts += 1
        case "content-length": fields.lengths.append(value)
        case "transfer-encoding": fields.hasTransferEncoding = true
        case "connection":
            let options = value.lowercased().split(separator: ",").map { trimmed($0) }
            if options.contains("close") { fields.closes = true }
        default: break
        }
    }

    private static func refuseBody(_ fields: Fields) throws(Refusal) {
        if fields.hasTransferEncoding {
            if !fields.lengths.isEmpty { throw Refusal(reason: "both Transfer-Encoding and Content-Length") }
            throw Refusal(status: 501, reason: "request bodies are not accepted")
        }
        guard fields.lengths.count <= 1 else { throw Refusal(reason: "more than one Content-Length") }
        if let length = fields.lengths.first {
            guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw Refusal(reason: "Content-Length is no number")
            }
            if length.utf8.contains(where: { $0 != 0x30 }) {
                throw Refusal(status: 413, reason: "request bodies are not accepted")
            }
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
