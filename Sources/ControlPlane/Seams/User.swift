/// Who asks: what the authenticator found out.
package struct User: Hashable, Sendable {
    package var name: String
    package var groups: [String]
    package var uid = ""
    package var extra: [String: [String]] = [:]

    package init(name: String, groups: [String] = [], uid: String = "", extra: [String: [String]] = [:]) {
        self.name = name
        self.groups = groups
        self.uid = uid
        self.extra = extra
    }
}

extension User {
    /// The server itself: its controllers and what it does on its own account.
    package static let apiServer = User(name: "system:apiserver", groups: ["system:masters", "system:authenticated"])
}
