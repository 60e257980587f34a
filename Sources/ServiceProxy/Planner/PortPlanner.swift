/// Decides what the kernel is to hold, from what each port of each Service asks for.
package protocol PortPlanner: Sendable {
    /// A port as it is now; nil when it is gone.
    mutating func set(_ key: PortKey, _ port: ServicePort?, _ endpoints: [Endpoint])
}
