internal import Foundation
import NFTables
import NetTypes
import TestSupport
import Testing

/// What the kernel holds is said in the words that it was made of.
@Suite(.requiresRoot) struct StatementReaderTests {
    private static let more: [Rule] = [
        Rule(ExampleLayout.dualPrerouting, [.dnat(.v6(ExampleLayout.pod6), port: 9, [.random])]),
        Rule(
            ExampleLayout.dualInput,
            [.match(.ip6Source, .notInside(CIDR(.v6(ExampleLayout.pod6), 61).network)), .drop]),
        Rule(ExampleLayout.dualInput, [.match(.inputInterface, .beginning("veth")), .setMark(7, mask: .max)]),
        Rule(ExampleLayout.dualInput, [.reject(.hostUnreachable)]),
        Rule(ExampleLayout.dualInput, [.match(.turn(4), .equal(.mark(1))), .drop]),
        Rule(ExampleLayout.dualInput, [.match(.sourceHash(.v6, 5), .equal(.mark(1))), .drop]),
        Rule(ExampleLayout.dualPrerouting, [.match(.ctMark, .equal(.mark(5))), .redirect(port: 80)]),
    ]

    @Test func `Rules of every kind are read back as they were written`() throws {
        try withSocket { socket, _ in
            try socket.commit(ExampleLayout.transaction)
            var transaction = Transaction()
            for rule in Self.more { transaction.add(rule) }
            try socket.commit(transaction)
            for table in [ExampleLayout.table, ExampleLayout.bridge, ExampleLayout.dual] {
                let wanted = (ExampleLayout.rules + Self.more).filter { $0.chain.table == table }
                let found = try socket.rules(in: table)
                for chain in Set(wanted.map(\.chain)) {
                    let rules = found.filter { $0.chain == chain.name }
                    #expect(rules.map(\.statements) == wanted.filter { $0.chain == chain }.map(\.statements))
                }
            }
        }
    }

    @Test func `A rule that they cannot say is not read as another one`() throws {
        try withSocket { socket, namespace in
            let rules = [
                "meta length > 100 drop", "tcp flags syn drop", "th dport != 5-7 drop", "ip ttl 7 drop",
                "ct original ip saddr 10.0.0.1 drop", "meta mark set ct mark accept", "tcp option maxseg size set 1000",
            ]
            let text = (["add table inet odd", "add chain inet odd c"] + rules.map { "add rule inet odd c \($0)" })
                .map { $0 + "\n" }.joined()
            let directory = try TemporaryDirectory()
            let path = directory.file("odd.nft")
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            _ = try NFTProgram.run(["-f", path], in: namespace)
            let found = try socket.rules(in: Table(.inet, "odd"))
            #expect(found.count == rules.count && found.allSatisfy { $0.statements == nil })
        }
    }
}
