internal import Linux
package import NetTypes

/// Whom the lists of xt_recent have, which iptables keeps for clients that stay with their endpoint.
package enum RecentLists {
    /// Of the calling thread's network namespace; empty where the kernel has none.
    package static func read() -> [String: Set<IPAddress>] {
        let directory = "/proc/thread-self/net/xt_recent"
        var lists: [String: Set<IPAddress>] = [:]
        for name in (try? Files.list(directory)) ?? [] where name.hasPrefix(IPTablesChain.prefix) {
            guard let text = try? Files.readText("\(directory)/\(name)") else { continue }
            lists[name] = addresses(text)
        }
        return lists
    }

    /// `src=10.42.0.7 ttl: 64 last_seen: 4297128230 oldest_pkt: 1 4297128230`
    private static func addresses(_ text: String) -> Set<IPAddress> {
        let prefix = "src="
        return Set(
            text.split(separator: "\n").compactMap { line in
                guard line.hasPrefix(prefix) else { return nil }
                return IPAddress(line.dropFirst(prefix.count).prefix { $0 != " " })
            })
    }
}
