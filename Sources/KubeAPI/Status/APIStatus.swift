package import JSON

/// The answer to a request that did not do what was asked: the API's Status object, as a value that can be thrown.
/// `APIStatus+Reasons` has a constructor for each of upstream's errors, in its words.
package struct APIStatus: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Cause: Hashable, Sendable {
        package var reason: String
        package var message: String
        package var field: String

        package init(reason: String = "", message: String, field: String = "") {
            self.reason = reason
            self.message = message
            self.field = field
        }

        package init(_ cause: FieldCause) {
            self.init(reason: cause.reason.rawValue, message: cause.message, field: cause.field)
        }
    }

    package struct Details: Hashable, Sendable {
        package var name = ""
        package var group = ""
        /// A kind for Invalid, a resource for most others, as upstream has it.
        package var kind = ""
        package var uid = ""
        package var causes: [Cause] = []
        /// 0 for none; sent as the header Retry-After too.
        package var retryAfterSeconds = 0

        package init(
            name: String = "", group: String = "", kind: String = "", uid: String = "", causes: [Cause] = [],
            retryAfterSeconds: Int = 0
        ) {
            self.name = name
            self.group = group
            self.kind = kind
            self.uid = uid
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// The HTTP status, 200 for success.
    package var code: Int
    /// A word for programs: "NotFound"; empty for unknown ones.
    package var reason: String
    package var message: String
    package var details: Details?

    package init(code: Int, reason: String, message: String, details: Details? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    package var description: String { message }
    package var isSuccess: Bool { (200..<400).contains(code) }
    /// What the header Retry-After says; nil for none.
    package var retryAfterSeconds: Int? { details.flatMap { $0.retryAfterSeconds > 0 ? $0.retryAfterSeconds : nil } }

    /// The object that is sent: `v1` `Status`.
    package var json: JSONValue {
        var object = JSONObject()
        object.append("kind", "Status")
        object.append("apiVersion", "v1")
        object.append("metadata", [:])
        object.append("status", .string(isSuccess ? "Success" : "Failure"))
        if !message.isEmpty { object.append("message", .string(message)) }
        if !reason.isEmpty { object.append("reason", .string(reason)) }
        if let details { object.append("details", details.json) }
        if code != 0 { object.append("code", .number(JSONNumber(code))) }
        return .object(object)
    }

    /// Reads a Status that a server sent; nil when the object is none.
    package init?(json: JSONValue) {
        guard json.member("kind")?.string == "Status" else { return nil }
        let isFailure = json.member("status")?.string != "Success"
        code = json.member("code")?.int ?? (isFailure ? 500 : 200)
        reason = json.member("reason")?.string ?? ""
        message = json.member("message")?.string ?? ""
        details = json.member("details").flatMap(Details.init(json:))
    }
}

extension APIStatus.Details {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        if !name.isEmpty { object.append("name", .string(name)) }
        if !group.isEmpty { object.append("group", .string(group)) }
        if !kind.isEmpty { object.append("kind", .string(kind)) }
        if !uid.isEmpty { object.append("uid", .string(uid)) }
        if !causes.isEmpty { object.append("causes", .array(causes.map(\.json))) }
        if retryAfterSeconds > 0 { object.append("retryAfterSeconds", .number(JSONNumber(retryAfterSeconds))) }
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard json.object != nil else { return nil }
        func text(_ key: String) -> String { json.member(key)?.string ?? "" }
        self.init(
            name: text("name"), group: text("group"), kind: text("kind"), uid: text("uid"),
            causes: (json.member("causes")?.array ?? []).map(APIStatus.Cause.init(json:)),
            retryAfterSeconds: json.member("retryAfterSeconds")?.int ?? 0)
    }
}

extension APIStatus.Cause {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        if !reason.isEmpty { object.append("reason", .string(reason)) }
        if !message.isEmpty { object.append("message", .string(message)) }
        if !field.isEmpty { object.append("field", .string(field)) }
        return .object(object)
    }

    fileprivate init(json: JSONValue) {
        self.init(
            reason: json.member("reason")?.string ?? "", message: json.member("message")?.string ?? "",
            field: json.member("field")?.string ?? "")
    }
}
