internal import NFTables
internal import NetTypes

/// A rule as iptables-save prints it: what it asks of a packet, and where it leads.
struct IPTablesRule: Sendable {
    enum Test: Hashable, Sendable {
        case source(CIDR)
        case destination(CIDR)
        case transport(L4Protocol)
        case destinationPort(UInt16)
        /// A plus at the end stands for whatever follows.
        case interface(String)
        case isFromNode
        case isForNode
        case mark(UInt32, mask: UInt32)
        case states(Set<String>)
        /// True so often, by chance or in turn.
        case share(Double)
        /// The first of so many parts of all clients, by the hash of their address.
        case part(of: UInt32, seed: UInt32)
        /// Has been put into the list no longer ago than this.
        case remembered(list: String, seconds: UInt32)
    }

    enum Target: Hashable, Sendable {
        case chain(String)
        case accept
        case drop
        case leave
        case reject
        /// Clears the bits of the mask, and then turns those of the value.
        case mark(UInt32, mask: UInt32)
        case translate(Destination)
        case masquerade
    }

    struct Condition: Hashable, Sendable {
        var test: Test
        var isNegated: Bool
    }

    let text: String
    private(set) var conditions: [Condition] = []
    let target: Target
    /// The Service's name.
    private(set) var comment: String?

    /// Nil for one with words that no rule of ours has.
    init?(_ text: String) {
        self.text = text
        var words = Self.words(of: text)[...]
        var isNegated = false
        var target: Target?
        // What these two ask is said by several words.
        var parts: UInt32?
        var list: (name: String?, isAsked: Bool, seconds: UInt32) = (nil, false, 0)
        while let word = words.popFirst() {
            if word == "!" { isNegated = true }
            if word == "--rcheck" { list.isAsked = true }
            if Self.alone.contains(word) { continue }
            guard let value = words.popFirst() else { return nil }
            if let test = Self.test(word, value, parts) {
                conditions.append(Condition(test: test, isNegated: isNegated))
                isNegated = false
                continue
            }
            switch word {
            case "-m", "--mode", "--packet", "--mask", "--reject-with", "--cluster-local-nodemask": break
            case "--comment": comment = value
            case "--cluster-total-nodes": parts = UInt32(value)
            case "--name": list.name = value
            case "--seconds": list.seconds = UInt32(value) ?? 0
            case "-j", "--set-xmark", "--to-destination":
                guard let found = Self.target(word, value) else { return nil }
                target = found
            default: return nil
            }
        }
        if list.isAsked, let name = list.name {
            conditions.append(Condition(test: .remembered(list: name, seconds: list.seconds), isNegated: false))
        }
        guard let target else { return nil }
        self.target = target
    }

    /// Without a value. That a client is put into a list is seen when it is asked for.
    private static let alone: Set<String> = ["!", "--rcheck", "--set", "--reap", "--rsource", "--random-fully"]

    private static func test(_ word: String, _ value: String, _ parts: UInt32?) -> Test? {
        switch word {
        case "-s": CIDR(value).map(Test.source)
        case "-d": CIDR(value).map(Test.destination)
        case "-p": [L4Protocol.tcp, .udp, .sctp].first { "\($0)" == value }.map(Test.transport)
        case "--dport": UInt16(value).map(Test.destinationPort)
        case "-i": .interface(value)
        case "--src-type": value == "LOCAL" ? .isFromNode : nil
        case "--dst-type": value == "LOCAL" ? .isForNode : nil
        case "--ctstate": .states(Set(value.split(separator: ",").map(String.init)))
        case "--mark": bits(value).map { .mark($0, mask: $1) }
        case "--probability": Double(value).map(Test.share)
        case "--every": Double(value).map { .share(1 / $0) }
        case "--cluster-hash-seed":
            if let parts, let seed = number(value) { .part(of: parts, seed: seed) } else { nil }
        default: nil
        }
    }

    private static func target(_ word: String, _ value: String) -> Target? {
        switch (word, value) {
        case ("--set-xmark", _): bits(value).map { .mark($0, mask: $1) }
        case ("--to-destination", _): Destination(value[...]).map(Target.translate)
        case (_, "ACCEPT"): .accept
        case (_, "DROP"): .drop
        case (_, "RETURN"): .leave
        case (_, "REJECT"): .reject
        case (_, "MASQUERADE"): .masquerade
        // What follows says more.
        default: .chain(value)
        }
    }

    private static func bits(_ text: String) -> (UInt32, mask: UInt32)? {
        let parts = text.split(separator: "/").compactMap { number(String($0)) }
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    private static func number(_ text: String) -> UInt32? {
        text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }

    /// A comment may be between quotes, in which ours have none.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        for (place, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if place % 2 == 1 {
                words.append(String(part))
            } else {
                words += part.split(separator: " ").map(String.init)
            }
        }
        return words
    }
}
