/// The grammar of a request's head: RFC 9112, sections 3 to 6.
struct HTTP1Head {
    enum Framing: Hashable { case length(Int), chunked }

    var request: HTTPRequest
    var framing = Framing.length(0)
    var isPersistent: Bool
    var expectsContinue = false

    /// How many fields a header may have.
    private static let fieldLimit = 256

    /// Reads a head with its empty line, in which every LF has its CR.
    init(_ bytes: UnsafeRawBufferPointer) throws(HTTPRefusal) {
        var lines = Lines(bytes)
        (request, isPersistent) = try Self.requestLine(lines.next())
        var fields = FramingFields()
        while true {
            let line = lines.next()
            if line.isEmpty { break }
            let field = try HTTP1Field(line)
            guard request.headers.fields.count < Self.fieldLimit else {
                throw HTTPRefusal("there are more than \(Self.fieldLimit) header fields", status: 431)
            }
            try fields.read(field)
            request.headers.append(lowercase: field.name, field.value)
        }
        let isHTTP11 = request.version == .http11
        guard fields.hosts == 1 || (fields.hosts == 0 && !isHTTP11) else {
            throw HTTPRefusal("there is not exactly one Host")
        }
        framing = try fields.framing(isHTTP11: isHTTP11)
        isPersistent = isPersistent && !fields.closes
        expectsContinue = fields.expectsContinue && isHTTP11
    }

    private static func requestLine(_ line: UnsafeRawBufferPointer) throws(HTTPRefusal) -> (HTTPRequest, Bool) {
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3 else { throw HTTPRefusal("the request line is not three words") }
        guard !words[0].isEmpty, words[0].allSatisfy(HTTP1Field.isTokenCharacter) else {
            throw HTTPRefusal("the method is no word")
        }
        let isHTTP11 = try version(words[2])
        let method = String(decoding: words[0], as: UTF8.self)
        let (path, query) = try target(words[1], method)
        let request = HTTPRequest(method: method, path: path, query: query, version: isHTTP11 ? .http11 : .http10)
        return (request, isHTTP11)
    }

    private static func version(_ word: Slice<UnsafeRawBufferPointer>) throws(HTTPRefusal) -> Bool {
        if word.elementsEqual("HTTP/1.1".utf8) { return true }
        if word.elementsEqual("HTTP/1.0".utf8) { return false }
        if word.starts(with: "HTTP/".utf8) {
            throw HTTPRefusal("only HTTP/1.1 and HTTP/1.0 are spoken here", status: 505)
        }
        throw HTTPRefusal("the request line does not end with a version")
    }

    /// `/path?query`, or the same with scheme and authority before it, as proxies get it; `*` for OPTIONS.
    private static func target(_ word: Slice<UnsafeRawBufferPointer>, _ method: String) throws(HTTPRefusal)
        -> (String, String?)
    {
        guard word.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw HTTPRefusal("the target has characters that must be escaped")
        }
        if word.first == UInt8(ascii: "/") { return HTTPTarget.split(Substring(decoding: word, as: UTF8.self)) }
        var text = Substring(decoding: word, as: UTF8.self)
        if text == "*", method == "OPTIONS" { return ("*", nil) }
        let scheme = text.prefix(8).lowercased()
        guard scheme.hasPrefix("http://") || scheme == "https://" else { throw HTTPRefusal("the target is no path") }
        text = text.dropFirst(scheme == "https://" ? 8 : 7).drop { $0 != "/" && $0 != "?" }
        return HTTPTarget.split(text.hasPrefix("/") ? text : "/" + text)
    }
}

enum HTTPTarget {
    static func split(_ target: Substring) -> (path: String, query: String?) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (String(target), nil) }
        return (String(target[..<mark]), String(target[target.index(after: mark)...]))
    }
}

/// The lines of a head, without CRLF.
private struct Lines {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

    /// Empty at the end.
    mutating func next() -> UnsafeRawBufferPointer {
        guard let end = rest.firstIndex(of: 0x0A), end > rest.startIndex else {
            return UnsafeRawBufferPointer(rebasing: rest)
        }
        let line = UnsafeRawBufferPointer(rebasing: rest[..<(end - 1)])
        rest = rest[(end + 1)...]
        return line
    }
}

/// What the header says about where the body ends and whether the connection goes on.
private struct FramingFields {
    var hosts = 0
    var closes = false
    var expectsContinue = false
    private var lengths: [String] = []
    private var codings: [String] = []

    mutating func read(_ field: HTTP1Field) throws(HTTPRefusal) {
        switch field.name {
        case "host": hosts += 1
        case "content-length": lengths.append(field.value)
        case "transfer-encoding": codings.append(field.value.lowercased())
        case "connection":
            let options = field.value.lowercased().split(separator: ",")
            if options.contains(where: { $0.utf8.filter { $0 != 0x20 && $0 != 0x09 }.elementsEqual("close".utf8) }) {
                closes = true
            }
        case "expect":
            guard field.value.lowercased() == "100-continue" else {
                throw HTTPRefusal("only 100-continue can be expected", status: 417)
            }
            expectsContinue = true
        default: break
        }
    }

    func framing(isHTTP11: Bool) throws(HTTPRefusal) -> HTTP1Head.Framing {
        if !codings.isEmpty {
            if !lengths.isEmpty { throw HTTPRefusal("both Transfer-Encoding and Content-Length") }
            if !isHTTP11 { throw HTTPRefusal("Transfer-Encoding in HTTP/1.0") }
            guard codings == ["chunked"] else {
                throw HTTPRefusal("the only transfer coding is chunked", status: codings.count == 1 ? 501 : 400)
            }
            return .chunked
        }
        guard lengths.count <= 1 else { throw HTTPRefusal("more than one Content-Length") }
        guard let text = lengths.first else { return .length(0) }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw HTTPRefusal("Content-Length is no number")
        }
        // What does not fit an Int is larger than any limit.
        return .length(Int(text) ?? .max)
    }
}
