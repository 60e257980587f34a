import Glibc
import Lab
import Linux
import NFTables
import NetTypes
import TestSupport
import Testing

/// All or nothing, and the exact reason for nothing.
@Suite(.requiresRoot)
struct CommitTests {
    static let table = Table(.ip, "t")
    static let map = NFTSet(
        table, "ports", key: [.internetProtocol, .internetService], value: .data([.ipv4Address, .internetService]))
    static let layout = Transaction {
        $0.add(table)
        $0.add(map)
    }

    static func element(_ number: Int) -> Element {
        Element(
            [.l4proto(L4Protocol(rawValue: UInt8(number >> 16))), .port(UInt16(truncatingIfNeeded: number))],
            [.ipv4(IPv4Address(rawValue: 0x0A00_0000 + UInt32(number))), .port(80)])
    }

    @Test func `What is dumped equals what was committed`() throws {
        try withSocket { socket, _ in
            try socket.commit(ExampleLayout.transaction)
            for table in [ExampleLayout.table, ExampleLayout.bridge, ExampleLayout.dual] {
                #expect(try socket.table(table) == table)
                let chains = ExampleLayout.transaction.changes.compactMap { change -> Chain? in
                    if case .object(.add, .chain(let chain)) = change, chain.table == table { return chain }
                    return nil
                }
                var tables = try socket.chains(in: table)
                for index in tables.indices { tables[index].table = table }
                #expect(tables == chains)
            }
            for (set, elements) in ExampleLayout.elements {
                var found = try #require(try socket.set(set))
                found.table.comment = set.table.comment
                #expect(found == set)
                #expect(try Set(socket.elements(of: set)) == Set(elements))
            }
            for chain in Set(ExampleLayout.rules.map(\.chain)) {
                let wanted = ExampleLayout.rules.filter { $0.chain == chain }
                let found = try socket.rules(of: chain)
                #expect(found.map(\.expressions) == wanted.map(\.expressions))
                #expect(zip(found, wanted).allSatisfy { $0.matches($1) })
            }
        }
    }

    @Test func `Objects are asked for by name, absent ones are nil`() throws {
        try withSocket { socket, _ in
            #expect(try socket.table(Self.table) == nil)
            #expect(try socket.element([.l4proto(.tcp), .port(1)], in: Self.map) == nil)
            try socket.commit(Self.layout)
            #expect(try socket.table(Self.table) == Self.table)
            #expect(try socket.set(Self.map) == Self.map)
            #expect(try socket.chain(Chain(Self.table, "none")) == nil)
            #expect(try socket.element(Self.element(5).key, in: Self.map) == nil)
            try socket.commit(Transaction { $0.add([Self.element(5)], to: Self.map) })
            #expect(try socket.element(Self.element(5).key, in: Self.map) == Self.element(5))
        }
    }

    @Test func `One refused element in ten thousand is named, and nothing is applied`() throws {
        try withSocket { socket, _ in
            try socket.commit(Self.layout)
            try socket.commit(Transaction { $0.create([Self.element(7777)], in: Self.map) })
            let generation = try socket.generation()
            let error = #expect(throws: NFTError.self) {
                try socket.commit(
                    Transaction {
                        $0.add(Chain(Self.table, "c"))
                        $0.create((0..<10_000).map(Self.element), in: Self.map)
                    })
            }
            #expect(error?.isAlreadyExists == true)
            #expect(error?.change == 1)
            #expect(error?.element == Self.element(7777))
            #expect(
                error?.description
                    == "cannot create element ip t ports { 0 . 7777 : 10.0.30.97 . 80 }: File exists")
            #expect(try Array(socket.elements(of: Self.map)) == [Self.element(7777)])
            #expect(try socket.chains(in: Self.table) == [])
            #expect(try socket.generation() == generation)
        }
    }

    @Test func `Every kind of refused change is named in the error`() throws {
        let absent = Table(.ip, "absent")
        let chain = Chain(Self.table, "c")
        let cases: [(Transaction, Errno, String)] = [
            (Transaction { $0.delete(absent) }, .noEntry, "delete table ip absent"),
            (Transaction { $0.create(Self.table) }, .exists, "create table ip t"),
            (Transaction { $0.add(Chain(absent, "c")) }, .noEntry, "add chain ip absent c"),
            (Transaction { $0.delete(NFTSet(Self.table, "s", key: [.mark])) }, .noEntry, "delete set ip t s"),
            (
                Transaction { $0.delete([Self.element(1)], from: Self.map) }, .noEntry,
                "delete element ip t ports { 0 . 1 : 10.0.0.1 . 80 }"
            ),
            (Transaction { $0.add(Rule(chain, [.accept])) }, .noEntry, "add rule ip t c { accept }"),
            (
                Transaction {
                    $0.add(chain)
                    $0.add(Rule(chain, [.verdict(.jump("nowhere"))]))
                }, .noEntry, "add rule ip t c { jump nowhere }"
            ),
            (Transaction { $0.append(.deleteRule(handle: 99, chain)) }, .noEntry, "delete rule ip t c handle 99"),
        ]
        try withSocket { socket, _ in
            try socket.commit(Self.layout)
            for (transaction, errno, text) in cases {
                let error = #expect(throws: NFTError.self) { try socket.commit(transaction) }
                #expect(error?.errno == errno, "\(text)")
                #expect(error?.description.hasPrefix("cannot \(text): ") == true, "\(error.debugDescription)")
            }
            #expect(try socket.chains(in: Self.table) == [])
        }
    }

    @Test(arguments: [false, true])
    func `Deletion that tolerates absence works with and without the kernel's own verb`(avoiding: Bool) throws {
        let namespace = try LabNamespace("nft")
        var socket = try namespace.run { try NFTSocket(avoidingDestroy: avoiding) }
        let everything = Transaction {
            $0.destroy([Self.element(1), Self.element(2)], from: Self.map)
            $0.destroy(Chain(Self.table, "c"))
            $0.destroy(NFTSet(Self.table, "s", key: [.mark]))
        }
        try socket.commit(Self.layout)
        try socket.commit(everything)
        try socket.commit(Transaction { $0.add([Self.element(2), Self.element(3)], to: Self.map) })
        try socket.commit(
            Transaction {
                $0.add(Chain(Self.table, "c", .init(.filter, .input, 7)))
                $0.add(NFTSet(Self.table, "s", key: [.mark]))
            })
        try socket.commit(everything)
        #expect(try Array(socket.elements(of: Self.map)) == [Self.element(3)])
        #expect(try socket.chains(in: Self.table) == [])
        #expect(try socket.sets(in: Self.table) == [Self.map])
        let away = Transaction { $0.destroy(Self.table) }
        try socket.commit(away)
        try socket.commit(away)
        #expect(try socket.tables() == [])
    }

    @Test func `Rules are inserted, replaced and deleted by handle, and flushed`() throws {
        let chain = Chain(Self.table, "c")
        let rules = [1, 2, 3].map { Rule(chain, [.match(.mark, .equal(.mark($0))), .accept]) }
        func isThere(_ found: [InstalledRule], _ wanted: [Rule]) -> Bool {
            found.count == wanted.count && zip(found, wanted).allSatisfy { $0.matches($1) }
        }
        try withSocket { socket, _ in
            try socket.commit(
                Transaction {
                    $0.add(Self.table)
                    $0.add(chain)
                    $0.add(rules[1])
                    $0.insert(rules[0])
                })
            var found = try socket.rules(of: chain)
            #expect(isThere(found, [rules[0], rules[1]]))
            try socket.commit(
                Transaction {
                    $0.replace(found[1].handle, with: rules[2])
                    $0.append(.rule(.before(handle: found[0].handle), rules[1]))
                })
            found = try socket.rules(of: chain)
            #expect(isThere(found, [rules[1], rules[0], rules[2]]))
            try socket.commit(Transaction { $0.delete(found[1]) })
            #expect(isThere(try socket.rules(of: chain), [rules[1], rules[2]]))
            try socket.commit(Transaction { $0.flush(chain) })
            #expect(try socket.rules(of: chain) == [])
        }
    }

    @Test func `Ten thousand elements go in and come out whole, and go away`() throws {
        try withSocket { socket, _ in
            let elements = (0..<10_000).map(Self.element)
            try socket.commit(Self.layout)
            try socket.commit(Transaction { $0.add(elements, to: Self.map) })
            #expect(try Set(socket.elements(of: Self.map)) == Set(elements))
            try socket.commit(Transaction { $0.delete(Array(elements.dropFirst()), from: Self.map) })
            #expect(try Array(socket.elements(of: Self.map)) == [elements[0]])
            try socket.commit(Transaction { $0.flush(Self.map) })
            #expect(try Array(socket.elements(of: Self.map)) == [])
        }
    }

    @Test func `A commit for an older generation is refused and says so`() throws {
        try withSocket { socket, namespace in
            let generation = try socket.generation()
            try socket.commit(Self.layout, expecting: generation)
            var other = try namespace.run { try NFTSocket() }
            try other.commit(Transaction { $0.add([Self.element(1)], to: Self.map) })
            let error = #expect(throws: NFTError.self) {
                try socket.commit(Transaction { $0.flush(Self.map) }, expecting: generation + 1)
            }
            #expect(error?.isGenerationChanged == true)
            #expect(try Array(socket.elements(of: Self.map)) == [Self.element(1)])
        }
    }
}
