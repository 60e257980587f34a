package import NFTables
internal import NetTypes

/// Something that the table needs of the kernel, and a transaction by which the kernel shows whether it has it.
package struct KernelFeature: Hashable, Sendable {
    package var name: String
    package var transaction: Transaction

    /// What a kernel lacks, and how it said so.
    package struct Missing: Hashable, Sendable, CustomStringConvertible {
        package var name: String
        package var reason: NFTError

        package var description: String { "\(name) (\(reason.errno))" }
    }

    private static let table = Table(.inet, "poplin-probe")
    private static let front: [Selector] = [.ipDestination, .l4proto, .destinationPort]
    private static let frontType = [DataType.ipv4Address, .internetProtocol, .internetService]

    /// The transaction makes its table and takes it away: nobody ever sees it.
    private init(_ name: String, _ body: (inout Transaction) -> Void) {
        self.name = name
        transaction = Transaction()
        transaction.create(Self.table)
        body(&transaction)
        transaction.delete(Self.table)
    }

    private init(_ name: String, _ hook: Chain.Hook, _ kind: Chain.Kind, sets: [NFTSet] = [], rule: [Statement]) {
        self.init(name) { transaction in
            let chain = Chain(Self.table, "chain", .init(kind, hook, .filter))
            for set in sets { transaction.create(set) }
            transaction.create(chain)
            transaction.add(Rule(chain, rule))
        }
    }

    private static func set(
        _ key: [DataType], _ value: NFTSet.Value = .none, _ options: NFTSet.Options = [], size: UInt32? = nil
    ) -> NFTSet {
        NFTSet(table, "set", key: key, value: value, options: options, size: size)
    }

    /// In the order in which one builds on another.
    package static let all: [KernelFeature] = {
        let verdicts = set(frontType, .verdict)
        let endpoints = set(frontType + [.mark], .data([.ipv4Address, .internetService]))
        let memory = set([.ipv4Address] + frontType, .data([.mark]), [.dynamic, .timeout], size: 16)
        let allowed = set(frontType + [.ipv4Address], .none, .interval)
        let client = [Selector.ipSource] + front
        return [
            KernelFeature("tables of family inet") { _ in },
            KernelFeature("address translation in family inet") { transaction in
                for (hook, priority) in [
                    (Chain.Hook.prerouting, Chain.Priority.dstnat), (.output, .dstnat), (.postrouting, .srcnat),
                ] {
                    transaction.create(Chain(table, "\(hook)", .init(.nat, hook, priority)))
                }
            },
            KernelFeature("the state of connections", .input, .filter, rule: [.ctState(.new), .ctStatus(.dnat)]),
            KernelFeature(
                "maps from addresses and ports to verdicts", .prerouting, .filter, sets: [verdicts],
                rule: [.verdict(front, from: verdicts)]),
            KernelFeature(
                "destinations out of maps, by random numbers", .prerouting, .nat, sets: [endpoints],
                rule: [.dnat(.v4, to: front + [.random(2)], map: endpoints)]),
            KernelFeature("routing types of addresses", .prerouting, .filter, rule: [isLocal, .drop]),
            KernelFeature(
                "maps that rules fill, with timeouts", .prerouting, .filter, sets: [memory],
                rule: [
                    .update(client, .random(2), map: memory.name, timeout: 1000),
                    .setPriorityMap(client, map: memory.name),
                ]),
            KernelFeature(
                "ranges in concatenated keys", .prerouting, .filter, sets: [allowed],
                rule: [.match(front + [.ipSource], in: allowed)]),
            KernelFeature("masquerading with random ports", .postrouting, .nat, rule: [.masquerade(.fullyRandom)]),
            KernelFeature("marks of packets", .prerouting, .filter, rule: [.setMark(1, mask: 1)]),
            KernelFeature("rejections in family inet", .input, .filter, rule: [.reject]),
        ]
    }()

    private static let isLocal = Statement.match(.sourceAddressType, .equal(.addressType(.local)))

    /// Those that the kernel has not. The common case is one transaction; only when it is refused, each is asked for.
    package static func missing(_ commit: (Transaction) throws(NFTError) -> Void) -> [Missing] {
        var whole = Transaction()
        for feature in all { whole.append(feature.transaction) }
        do throws(NFTError) {
            try commit(whole)
            return []
        } catch {}
        return all.compactMap { feature in
            do throws(NFTError) {
                try commit(feature.transaction)
                return nil
            } catch {
                return Missing(name: feature.name, reason: error)
            }
        }
    }
}
