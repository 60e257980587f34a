import NFTables
import NetTypes
import Testing

/// Transactions and rules as values: what they say and what they compile to, without a kernel.
struct TransactionTests {
    static let table = Table(.ip, "t")
    static let chain = Chain(table, "c")
    static let set = NFTSet(
        table, "s", key: [.ipv4Address, .internetService], options: .interval, timeout: 5000, comment: "why")
    static let ports = NFTSet(table, "ports", key: [.internetService], options: .interval)

    static let lines: [(@Sendable (inout Transaction) -> Void, String)] = [
        ({ $0.add(table) }, "add table ip t"),
        ({ $0.create(Table(.inet, "t", comment: "layout 2")) }, "create table inet t { comment \"layout 2\"; }"),
        ({ $0.delete(Table(.bridge, "t", comment: "gone")) }, "delete table bridge t"),
        ({ $0.add(chain) }, "add chain ip t c"),
        (
            { $0.add(Chain(table, "b", .init(.nat, .postrouting, .srcnat), comment: "x")) },
            "add chain ip t b { type nat hook postrouting priority 100; policy accept; comment \"x\"; }"
        ),
        ({ $0.destroy(chain) }, "destroy chain ip t c"),
        (
            { $0.add(set) },
            """
            add set ip t s { type ipv4_addr . inet_service; flags interval,timeout; timeout 5000ms; comment "why"; }
            """
        ),
        ({ $0.flush(set) }, "flush set ip t s"),
        (
            { $0.add([Element([.ipv4(IPv4Address(10, 0, 0, 1)), .port(80)], timeout: 9, comment: "pod")], to: set) },
            "add element ip t s { 10.0.0.1 . 80 timeout 9ms comment \"pod\" }"
        ),
        (
            { $0.delete([Element([.port(1)], through: [.port(9)]), Element([.port(80)], .drop)], from: ports) },
            "delete element ip t ports { 1-9, 80 }"
        ),
        (
            { $0.add(Rule(chain, [.ctState([.new, .related]), .counter, .drop], comment: "no")) },
            "add rule ip t c ct state related,new counter drop comment \"no\""
        ),
        ({ $0.insert(Rule(chain, [.accept])) }, "insert rule ip t c accept"),
        ({ $0.replace(7, with: Rule(chain, [.return])) }, "replace rule ip t c handle 7 return"),
        ({ $0.append(.rule(.after(handle: 3), Rule(chain, [.jump(chain)]))) }, "add rule ip t c handle 3 jump c"),
        ({ $0.append(.deleteRule(handle: 4, chain)) }, "delete rule ip t c handle 4"),
        ({ $0.flush(chain) }, "flush chain ip t c"),
    ]

    @Test(arguments: lines.indices)
    func `Every change prints as one line of nft`(index: Int) {
        let (build, line) = Self.lines[index]
        #expect(Transaction(build).description == line + "\n")
    }

    @Test func `Equal changes make equal transactions`() {
        #expect(Transaction { $0.add(Self.table) } == Transaction { $0.add(Self.table) })
        #expect(Transaction { $0.add(Self.table) } != Transaction { $0.create(Self.table) })
        #expect(Transaction().isEmpty)
    }

    @Test func `Prefixes of whole bytes are compared without a mask, others with one`() {
        func expressions(_ length: Int) -> [Expression] {
            let network = CIDR(.v4(IPv4Address(10, 2, 0, 0)), length)
            return Rule(Self.chain, [.match(.ipSource, .inside(network))]).expressions
        }
        #expect(
            expressions(16) == [
                .payload(.network, offset: 12, length: 2, to: .first), .compare(.first, .equal, [10, 2]),
            ])
        #expect(
            expressions(12) == [
                .payload(.network, offset: 12, length: 4, to: .first),
                .bitwise(.first, to: .first, mask: [255, 240, 0, 0], xor: [0, 0, 0, 0]),
                .compare(.first, .equal, [10, 0, 0, 0]),
            ])
    }

    @Test func `The layer is checked once a rule, and only where the family leaves it open`() {
        func count(_ family: Family) -> Int {
            let chain = Chain(Table(family, "t"), "c")
            let network = CIDR(.v4(IPv4Address(10, 0, 0, 0)), 8)
            let rule = Rule(chain, [.match(.ipSource, .inside(network)), .match(.ipDestination, .inside(network))])
            return rule.expressions.count
        }
        #expect(count(.ip) == 4)
        #expect(count(.inet) == 6)
        #expect(count(.bridge) == 6)
    }

    @Test func `Interface names hold at most fifteen bytes`() {
        #expect(InterfaceName("cni0").map { "\($0)" } == "cni0")
        #expect(InterfaceName("fifteen-bytes-x").map { "\($0)" } == "fifteen-bytes-x")
        #expect(InterfaceName("sixteen-bytes-xx") == nil)
        #expect(InterfaceName("") == nil)
    }
}
