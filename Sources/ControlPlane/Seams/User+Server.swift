package import Identity

extension User {
    /// The server itself: its controllers and what it does on its own account.
    package static let apiServer = User(
        name: "system:apiserver", groups: [Group.masters, Group.authenticated])
}
