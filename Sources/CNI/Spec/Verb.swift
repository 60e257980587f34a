/// What a runtime may ask of a plugin (CNI_COMMAND).
package enum Verb: String, CaseIterable, Sendable {
    case add = "ADD"
    case del = "DEL"
    case check = "CHECK"
    case gc = "GC"
    case status = "STATUS"
    case version = "VERSION"

    /// The lowest configuration version in which the verb exists.
    package var since: SpecVersion {
        switch self {
        case .add, .del, .version: .v010
        case .check: .v040
        case .gc, .status: .v110
        }
    }

    /// The variables that must not be empty, in the order in which the reference implementation names them.
    package var requiredVariables: [String] {
        switch self {
        case .add, .check: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH"]
        case .del: ["CNI_CONTAINERID", "CNI_IFNAME", "CNI_PATH"]
        case .gc, .status: ["CNI_PATH"]
        case .version: []
        }
    }

    /// Whether the verb is about one attachment, so that container and interface are named.
    package var isAboutAttachment: Bool { self == .add || self == .del || self == .check }
}
