import JSON
import Store

/// A list as it came: where its items are, so that they can be compared byte by byte.
struct ListBytes {
    var revision: Revision
    var continuation: String
    var items: [Range<Int>] = []

    init?(_ body: [UInt8]) {
        let mark = Array("\"items\":[".utf8)
        guard let start = body.firstRange(of: mark)?.upperBound,
            let head = try? JSONValue.parse(body[..<start] + Array("]}".utf8)),
            let revision = head["metadata"]?["resourceVersion"]?.string.flatMap({ Revision($0) })
        else { return nil }
        self.revision = revision
        continuation = head["metadata"]?["continue"]?.string ?? ""
        var (depth, begin, isInString, isEscaped) = (0, start, false, false)
        for index in start..<body.count {
            let byte = body[index]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"):
                if depth == 0 { begin = index }
                depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { items.append(begin..<index + 1) }
                if depth < 0 { return }
            default: break
            }
        }
        return nil
    }
}
