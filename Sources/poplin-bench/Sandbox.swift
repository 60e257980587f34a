internal import Glibc
internal import Lab
internal import Linux
internal import NetTypes
internal import Netlink

/// Gives this process a network of its own, and file systems of its own for what plugins and daemons write: /run and
/// /var/lib are empty and in memory, and gone, with every namespace named in them, when the process ends. Must run before
/// any thread is started.
func enterSandbox() throws {
    try CallingThread.unshare([.mounts, .network])
    try check("detach", "/") { mount("", "/", "none", UInt(MS_PRIVATE | MS_REC), nil) }
    for path in ["/run", "/var/lib"] {
        try check("mount", path) { mount("tmpfs", path, "tmpfs", 0, nil) }
    }
    var socket = try NetlinkSocket()
    try socket.run(.changeLink("lo", LinkAttributes(isUp: true)))
}

/// Waits until the kernel has taken down every namespace that was let go. It does so later and in order, and keeps the lock
/// of all links while it does.
func awaitTeardown() throws {
    var socket = try NetlinkSocket()
    do {
        let last = try LabNamespace("last")
        let inside = LinkAttributes(namespace: last.namespace.descriptor.rawValue)
        try socket.run(.createLink(NewLink("last0", .veth(VethPeer("last1", inside)))))
    }
    while try socket.links(kind: "veth").contains(where: { $0.name == "last0" }) { usleep(5_000) }
}

/// A link `under0` with an address and a default route, as a node's uplink has them; nobody is at its other end.
func makeUnderlay() throws {
    var socket = try NetlinkSocket()
    let index = try socket.create(NewLink("under0", .veth(VethPeer("under1"))))
    for name in ["under0", "under1"] as [LinkReference] {
        try socket.run(.changeLink(name, LinkAttributes(isUp: true)))
    }
    try socket.run(.address(.add, InterfaceAddress(CIDR(.v4(IPv4Address(172, 31, 9, 1)), 16), on: index)))
    try socket.run(
        .route(
            .add,
            Route(IPFamily.v4.everything, via: .v4(IPv4Address(172, 31, 255, 254)), dev: index)))
}
