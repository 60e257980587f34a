internal import CNftables

/// A chain of rules. A base chain hangs on a hook of the packet path; a regular one is reached by jump and goto.
package struct Chain: Hashable, Sendable {
    package var table: Table
    package var name: String
    package var base: Base?
    package var comment: String?

    package init(_ table: Table, _ name: String, _ base: Base? = nil, comment: String? = nil) {
        self.table = table
        self.name = name
        self.base = base
        self.comment = comment
    }

    /// Where and how a base chain sees packets.
    package struct Base: Hashable, Sendable {
        package var type: Kind
        package var hook: Hook
        /// Chains on one hook run in ascending order.
        package var priority: Priority
        package var policy: Policy

        package init(_ type: Kind, _ hook: Hook, _ priority: Priority, policy: Policy = .accept) {
            self.type = type
            self.hook = hook
            self.priority = priority
            self.policy = policy
        }
    }

    package enum Kind: String, Hashable, Sendable { case filter, nat, route }

    /// A hook of the ip, ip6, inet and bridge families.
    package enum Hook: UInt32, Hashable, Sendable {
        case prerouting, input, forward, output, postrouting
    }

    package enum Policy: UInt32, Hashable, Sendable { case drop, accept }

    /// A chain's place among those on the same hook; the names are those of nft(8).
    package struct Priority: Hashable, Sendable, ExpressibleByIntegerLiteral {
        package var value: Int32

        package init(_ value: Int32) { self.value = value }
        package init(integerLiteral value: Int32) { self.value = value }

        package static let raw: Priority = -300
        package static let mangle: Priority = -150
        package static let dstnat: Priority = -100
        package static let filter: Priority = 0
        package static let srcnat: Priority = 100
        package static let bridgeDstnat: Priority = -300
    }
}

extension Chain: CustomStringConvertible {
    package var description: String { "\(table) \(name)" }
}

extension Chain.Base: CustomStringConvertible {
    package var description: String {
        "type \(type) hook \(hook) priority \(priority.value); policy \(policy);"
    }
}
