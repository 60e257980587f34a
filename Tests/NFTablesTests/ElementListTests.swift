import CMnl
import NetTypes
import TestSupport
import Testing

@testable import NFTables

/// Elements as the kernel holds them, and back.
struct ElementListTests {
    private static let table = Table(.inet, "t")
    private static let sets = [
        NFTSet(table, "addresses", key: [.ipv4Address]),
        NFTSet(table, "ranges", key: [.ipv6Address, .internetService], options: .interval),
        NFTSet(
            table, "slots", key: [.ipv6Address, .internetProtocol, .internetService, .mark],
            value: .data([.ipv6Address, .internetService])),
        NFTSet(table, "clients", key: [.ipv4Address, .mark], value: .data([.mark]), options: [.dynamic, .timeout]),
        NFTSet(table, "fronts", key: [.internetProtocol, .internetService], value: .verdict),
        NFTSet(table, "hosts", key: [.etherAddress, .interfaceName], value: .data([.etherType])),
    ]

    private static func datum(_ type: DataType, _ random: inout SeededGenerator) -> Datum {
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        return bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { Datum(type, from: $0) } ?? .port(0)
        }
    }

    private static func element(of set: NFTSet, _ random: inout SeededGenerator) -> Element {
        func data(_ types: [DataType]) -> [Datum] { types.map { datum($0, &random) } }
        var element = Element(data(set.key), through: set.options.contains(.interval) ? data(set.key) : nil)
        switch set.value {
        case .none: break
        case .data(let types): element.value = .data(data(types))
        case .verdict:
            let verdicts: [Verdict] = [.drop, .accept, .return, .goto("c-\(random.next())"), .jump("c")]
            element.value = verdicts.randomElement(using: &random).map { .verdict($0) }
        }
        if set.options.contains(.timeout), Bool.random(using: &random) { element.timeout = random.next() }
        if Bool.random(using: &random) { element.comment = "Service \(random.next()) é" }
        return element
    }

    @Test("what is put in comes out", arguments: sets)
    func roundTrip(_ set: NFTSet) {
        var random = SeededGenerator()
        let elements = (0..<200).map { _ in Self.element(of: set, &random) }
        let list = ElementList(set, elements)
        #expect(Array(list) == elements, "seed \(random.seed)")
        #expect(list.key(set.key.count - 1, at: 7) == elements[7].key.last)
        #expect(list.key(set.key.count, at: 7) == nil)
        if case .data(let data)? = elements[7].value { #expect(list.value(data.count - 1, at: 7) == data.last) }
        #expect(list == ElementList(set, elements) && list.isDistinct)
        #expect(!ElementList(set, elements + [elements[3]]).isDistinct)
    }

    @Test("changes are what goes and what comes", arguments: sets)
    func changes(_ set: NFTSet) {
        var random = SeededGenerator()
        let all = (0..<100).map { _ in Self.element(of: set, &random) }
        var changed = all[10]
        changed.comment = "another"
        let old = ElementList(set, all[..<90])
        let new = ElementList(set, (all[20...] + [changed] + all[5..<10]).shuffled(using: &random))
        let (gone, come) = old.changes(to: new)
        #expect(Set(gone) == Set(all[..<5] + all[10..<20]), "seed \(random.seed)")
        #expect(Set(come) == Set(all[90...] + [changed]), "seed \(random.seed)")
        #expect(new.changes(to: new).gone.isEmpty && new.changes(to: new).come.isEmpty)
    }

    @Test("a comment that is longer than the kernel keeps is cut, so that it is the same when it is read back")
    func longComment() throws {
        let set = Self.sets[0]
        let text = String(repeating: "namespace/", count: 20)
        let list = ElementList(set, [Element([.ipv4(IPv4Address(10, 0, 0, 1))], comment: text)])
        let comment = try #require(list.first?.comment)
        #expect(comment.utf8.count == 127 && text.hasPrefix(comment))
    }

    /// A message with the elements; what is written beyond the headers is what the kernel would be sent.
    private func withMessage<Result>(
        _ list: ElementList, _ body: (UnsafeMutableRawBufferPointer) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            guard let base = buffer.baseAddress else { return body(buffer) }
            let message = MessageHeader(10, 12, family: 1, flags: 0, sequence: 1).write(at: base)
            list.set.encodeListHeader(into: message)
            let nest = mnl_attr_nest_start(message, 3)
            for place in list.indices { list.write(place, into: message, keyOnly: false) }
            mnl_attr_nest_end(message, nest)
            // It begins with its length.
            return body(UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(buffer.load(as: UInt32.self))]))
        }
    }

    @Test("a message says the same that went into it", arguments: sets)
    func message(_ set: NFTSet) {
        var random = SeededGenerator()
        let list = ElementList(set, (0..<100).map { _ in Self.element(of: set, &random) })
        let read = withMessage(list) { bytes in
            Messages(UnsafeRawBufferPointer(bytes)).reduce(into: []) { $0 += ElementList($1, of: set) }
        }
        #expect(read == Array(list), "seed \(random.seed)")
    }

    @Test("a message of which any byte is another is read without harm", arguments: sets)
    func damage(_ set: NFTSet) {
        var random = SeededGenerator()
        let list = ElementList(set, (0..<5).map { _ in Self.element(of: set, &random) })
        withMessage(list) { bytes in
            for _ in 0..<20_000 {
                let place = Int.random(in: 16..<bytes.count, using: &random)
                let was = bytes[place]
                bytes[place] = UInt8.random(in: 0...255, using: &random)
                for message in Messages(UnsafeRawBufferPointer(bytes)) {
                    let read = ElementList(message, of: set)
                    #expect(read.count <= 1000 && read.joined.allSatisfy { $0.key.count == set.key.count })
                }
                if Bool.random(using: &random) { bytes[place] = was }
            }
        }
    }
}
