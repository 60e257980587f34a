internal import JSON
package import Store

/// Where the next page of a list begins: base64 of `{"v":"meta.k8s.io/v1","rv":…,"start":…}`, opaque to clients.
package struct ContinueToken: Hashable, Sendable {
    private static let version = "meta.k8s.io/v1"

    /// The revision that all pages show; nil for a list that goes on at whatever is there now.
    package var revision: Revision?
    /// The first path of the page, relative to what is listed.
    package var start: String

    package init(revision: Revision?, start: String) {
        self.revision = revision
        self.start = start
    }

    /// nil for a token that is none of ours.
    package init?(_ text: String) {
        // The alphabet for addresses (RFC 4648, section 5), without padding.
        var standard = text.replacing("-", with: "+").replacing("_", with: "/")
        while !standard.utf8.count.isMultiple(of: 4) { standard += "=" }
        guard let bytes = Base64.decode(standard), let value = (try? JSONValue.parse(bytes))?.object,
            value["v"]?.string == Self.version, let revision = value["rv"]?.int, let start = value["start"]?.string,
            !start.isEmpty, revision == -1 || revision > 0
        else { return nil }
        self.revision = revision == -1 ? nil : Revision(revision)
        self.start = start
    }

    package var text: String {
        let value: JSONValue = [
            "v": .string(Self.version), "rv": .number(JSONNumber(revision.map { Int($0) } ?? -1)),
            "start": .string(start),
        ]
        return Base64.encode(Array(value.serialized().utf8)).replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
