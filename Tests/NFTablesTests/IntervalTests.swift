import Lab
import NFTables
import NetTypes
import TestSupport
import Testing

/// Ranges survive the kernel's two ways to keep them.
@Suite(.requiresRoot)
struct IntervalTests {
    static let table = Table(.inet, "t")

    static func element(_ networks: String...) -> Element { Element(prefixes: networks.compactMap { CIDR($0) }) }

    static let cases: [(NFTSet, [Element])] = [
        (
            NFTSet(table, "v4", key: [.ipv4Address], options: .interval),
            [
                element("0.0.0.0/8"), element("10.0.0.0/24"), element("10.0.1.0/24"), element("10.0.3.7/32"),
                element("255.255.255.255/32"), element("240.0.0.0/5"),
            ]
        ),
        (NFTSet(table, "all", key: [.ipv4Address], options: .interval), [element("0.0.0.0/0")]),
        (NFTSet(table, "last", key: [.ipv4Address], options: .interval), [element("255.255.255.255/32")]),
        (
            NFTSet(table, "v6", key: [.ipv6Address], options: .interval),
            [element("fd00::/64"), element("fd00:0:0:1::/64"), element("ff00::/8"), element("::1/128")]
        ),
        (
            NFTSet(table, "ports", key: [.internetService], options: .interval),
            [Element([.port(0)], through: [.port(1023)]), Element([.port(8080)]), Element([.port(65535)])]
        ),
        (
            NFTSet(table, "pairs", key: [.ipv6Address, .internetService], options: .interval),
            [
                Element(
                    [.ipv6(IPv6Address(rawValue: 5)), .port(1)], through: [.ipv6(IPv6Address(rawValue: 9)), .port(7)])
            ]
        ),
        (
            NFTSet(table, "verdicts", key: [.ipv4Address], value: .verdict, options: .interval),
            [Element([.ipv4(IPv4Address(10, 0, 0, 1))], .drop)]
        ),
    ]

    @Test(arguments: cases.indices)
    func `Intervals come back as they were added, and are deleted alike`(index: Int) throws {
        let (set, elements) = Self.cases[index]
        try withSocket { socket, _ in
            try socket.commit(
                Transaction {
                    $0.add(Self.table)
                    $0.add(set)
                    $0.add(elements, to: set)
                })
            #expect(try Set(socket.elements(of: set)) == Set(elements))
            try socket.commit(Transaction { $0.delete(elements, from: set) })
            #expect(try Array(socket.elements(of: set)) == [])
        }
    }

    @Test(arguments: [false, true])
    func `Deletion that tolerates absence takes exactly the intervals that are named`(avoiding: Bool) throws {
        let namespace = try LabNamespace("nft")
        var socket = try namespace.run { try NFTSocket(avoidingDestroy: avoiding) }
        for (set, elements) in [Self.cases[0], Self.cases[5]] {
            try socket.commit(
                Transaction {
                    $0.add(Self.table)
                    $0.add(set)
                })
            let everything = Transaction { $0.destroy(elements, from: set) }
            try socket.commit(everything)
            try socket.commit(Transaction { $0.add([elements[elements.count / 2]], to: set) })
            try socket.commit(everything)
            #expect(try Array(socket.elements(of: set)) == [])
        }
    }

    @Test func `A refused interval among others is the one that is named`() throws {
        let set = Self.cases[0].0
        try withSocket { socket, _ in
            try socket.commit(
                Transaction {
                    $0.add(Self.table)
                    $0.add(set)
                    $0.add([Self.element("10.0.0.0/16")], to: set)
                })
            let error = #expect(throws: NFTError.self) {
                let overlapping = Self.element("10.0.1.0/24")
                try socket.commit(
                    Transaction {
                        $0.create([Self.element("9.0.0.0/8"), overlapping, Self.element("11.0.0.0/8")], in: set)
                    })
            }
            #expect(error?.isAlreadyExists == true)
            #expect(error?.element == Self.element("10.0.1.0/24"))
        }
    }

    @Test func `Lists of what is absent are empty or say that it is absent`() throws {
        let absent = NFTSet(Self.table, "absent", key: [.mark])
        try withSocket { socket, _ in
            let found = try (
                socket.tables(.inet), socket.chains(in: Self.table), socket.sets(in: Self.table),
                socket.rules(in: Self.table)
            )
            #expect(found.0.isEmpty && found.1.isEmpty && found.2.isEmpty && found.3.isEmpty)
            let error = #expect(throws: NFTError.self) { try socket.elements(of: absent) }
            #expect(error?.isNotFound == true)
            #expect(error?.description == "cannot list elements of set inet t absent: No such file or directory")
        }
    }
}
