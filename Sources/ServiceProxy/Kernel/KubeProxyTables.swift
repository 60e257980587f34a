internal import NFTables

/// What a kube-proxy in nftables mode has left. It goes in the very transaction in which our table comes, so that there is no
/// moment without one of them; connections that are established are known to the kernel and go on.
///
/// Rules of its iptables mode are not looked for: they are kube-proxy's own to remove (`--cleanup`).
enum KubeProxyTables {
    private static let all = [Table(.ip, "kube-proxy"), Table(.ip6, "kube-proxy")]

    /// Those that are there.
    static func found(_ socket: inout NFTSocket) throws(NFTError) -> [Table] {
        var found: [Table] = []
        for table in all where try socket.table(table) != nil { found.append(table) }
        return found
    }
}
