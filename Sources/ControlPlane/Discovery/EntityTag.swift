internal import Crypto
internal import HTTP

/// Documents that clients keep: sent again only when they have changed (RFC 9110, section 8.8.3).
enum EntityTag {
    static func hash(_ bytes: [UInt8]) -> [UInt8] { Digest.sha256(bytes) }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash(bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func answer(
        _ call: APICall, contentType: String, _ bytes: [UInt8], tag known: String? = nil,
        cacheControl: String = "public"
    ) {
        let tag = "\"\(known ?? hexadecimal(bytes).uppercased())\""
        var headers: HTTPHeaders = ["vary": "Accept", "cache-control": cacheControl]
        headers.add("etag", tag)
        let held = call.headers["if-none-match"] ?? ""
        if held.split(separator: ",").contains(where: { $0.drop { $0 == " " } == tag }) {
            return call.answer(304, contentType: contentType, [], headers: headers)
        }
        call.answer(200, contentType: contentType, bytes, headers: headers)
    }
}
