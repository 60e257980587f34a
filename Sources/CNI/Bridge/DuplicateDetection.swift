internal import Glibc
internal import Linux
internal import NetTypes
internal import Netlink

/// `enabledad`: an ADD ends when the kernel has found out that nobody else has the container's IPv6 addresses.
enum DuplicateDetection {
    static func wait(
        on link: InterfaceIndex, _ name: String, in container: ContainerNamespace, seconds: Int = 10
    ) throws {
        var socket = try NetlinkSocket(in: container.namespace)
        // The kernel probes once a second and says nothing before the end.
        for _ in 0..<(seconds * 50) {
            let addresses = try socket.addresses(.v6, on: link).filter { $0.scope == .universe }
            if let duplicate = addresses.first(where: { $0.flags.contains(.duplicateFound) }) {
                throw CNIError(
                    .internalFailure, "somebody else on the network has the address \(duplicate.address.address)",
                    details: "found by duplicate address detection on \(name) in \(container.path)")
            }
            if !addresses.contains(where: { $0.flags.contains(.tentative) }) { return }
            usleep(20_000)
        }
        throw CNIError(.tryAgainLater, "duplicate address detection on \(name) has not ended in \(seconds) s")
    }
}
