import Lab
import NetTypes

/// What runs in a lab and where, as text.
struct LabStatus {
    let text: String

    init(_ lab: Lab) throws {
        let configuration = lab.configuration
        let families = configuration.family.families
        func mark(_ role: String, _ target: String) throws -> String {
            try lab.isRunning(role, in: target) ? "running" : "NOT RUNNING"
        }
        func underlay(_ host: String) -> String {
            families.compactMap { lab.underlayAddress(of: host, $0).map { "\($0)" } }.joined(separator: ", ")
        }
        var lines = [
            "lab \(lab.name): \(configuration.nodes) nodes, \(configuration.backend.rawValue),"
                + " \(configuration.family.rawValue), MTU \(configuration.mtu)"
        ]
        for role in lab.controlRoles {
            let name = role + String(repeating: " ", count: max(1, 9 - role.count))
            lines.append("  \(name)\(underlay(lab.control))  \(try mark(role, lab.control))")
        }
        lines += [
            "  outside  \(underlay("outside"))  \(try mark("outside", "outside"))"
        ]
        for node in lab.nodes {
            let subnets = lab.subnets(of: node).map { "\($0)" }.joined(separator: ", ")
            let proxy = lab.hasProxies ? "  proxy \(try mark("proxy/\(node)", node))" : ""
            lines.append(
                "  \(node)  \(underlay(node))  overlay \(try mark("overlay/\(node)", node))\(proxy)  pods \(subnets)")
            for pod in lab.pods where pod.node == node {
                let addresses = pod.addresses.map { "\($0.address)" }.joined(separator: ", ")
                lines.append("    pod \(pod.name)  \(addresses)  server \(try mark("server/\(pod.name)", pod.name))")
            }
        }
        text = lines.joined(separator: "\n")
    }
}
