internal import NetTypes

/// What a planner keeps of every port: what follows from it is found again when it is needed.
struct PortState: Sendable {
    var port: ServicePort
    var endpoints: [Endpoint]
    /// Endpoints in their slots, for traffic that may go anywhere and for traffic that has to stay on the node.
    var cluster: [Destination]
    var local: [Destination]
    /// By which number its clients are known, when they keep their endpoints.
    var group: UInt32?
}

/// A port as it was, with what of it was in the table.
struct FormerPort: Sendable {
    var state: PortState
    var shown: ServicePort?
}
