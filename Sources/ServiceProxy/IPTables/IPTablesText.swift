internal import Crypto
internal import NFTables
internal import NetTypes

/// Words of iptables' language, spelled as iptables-save spells them: so a table that is there can be compared as text.
enum IPTablesText {
    static func source(_ network: CIDR) -> String { "-s \(network)" }
    static func destination(_ address: IPAddress) -> String { "-d \(CIDR(host: address))" }

    /// The tests that make up a front. The name is for people; what no Service's name has is left out of it, since it is
    /// written between quotes.
    static func front(_ address: IPAddress?, _ transport: L4Protocol, _ port: UInt16, _ name: String) -> String {
        let comment = String(decoding: name.utf8.filter(isPlain), as: UTF8.self)
        return tests(address, transport, " -m comment --comment \"\(comment)\"", port)
    }

    /// The same without a name.
    static func front(_ address: IPAddress, _ transport: L4Protocol, _ port: UInt16) -> String {
        tests(address, transport, "", port)
    }

    private static func tests(
        _ address: IPAddress?, _ transport: L4Protocol, _ comment: String, _ port: UInt16
    ) -> String {
        "\(address.map { "\(destination($0)) " } ?? "")-p \(transport)\(comment) -m \(transport) --dport \(port)"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            // Digits and the colon, the hyphen, the dot and the slash.
            UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-")...UInt8(ascii: "/"):
            true
        default: false
        }
    }

    static func mark(_ mark: UInt32) -> String { "-j MARK --set-xmark \(hexadecimal(mark))/\(hexadecimal(mark))" }
    static func unmark(_ mark: UInt32) -> String { "-j MARK --set-xmark \(hexadecimal(mark))/0x0" }
    static func isMarked(_ mark: UInt32) -> String { "-m mark --mark \(hexadecimal(mark))/\(hexadecimal(mark))" }
    static func isNotMarked(_ mark: UInt32) -> String { "-m mark ! --mark \(hexadecimal(mark))/\(hexadecimal(mark))" }

    static func jump(_ chain: IPTablesChain) -> String { "-j \(chain.name)" }

    static func reject(_ family: IPFamily) -> String {
        "-j REJECT --reject-with \(family == .v4 ? "icmp" : "icmp6")-port-unreachable"
    }

    static func translate(_ destination: Destination) -> String { "-j DNAT --to-destination \(destination)" }

    /// True so many times out of so many, by chance. xt_statistic counts in steps of 2^-31, and the list shows what has
    /// become of the number.
    static func chance(_ part: Int, of all: Int) -> String {
        let whole: UInt128 = 1 << 31
        let share = (whole * UInt128(part) + UInt128(all) / 2) / UInt128(all)
        let text = "\((share * 100_000_000_000 + whole / 2) / whole)"
        let padded = String(repeating: "0", count: max(0, 11 - text.utf8.count)) + text
        return "-m statistic --mode random --probability 0.\(padded)"
    }

    /// True every so many times.
    static func turn(of count: Int) -> String { "-m statistic --mode nth --every \(count) --packet 0" }

    /// xt_cluster divides clients into so many parts at most.
    static let mostParts = 32

    /// True for one of so many parts of all clients, by the hash of their address: the same ones on every node, and others
    /// for each seed. A smaller part lies within a larger one.
    static func hash(_ parts: Int, seed: UInt32) -> String {
        let digits = String(seed, radix: 16)
        let padded = String(repeating: "0", count: 8 - digits.utf8.count) + digits
        return "-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes \(parts) "
            + "--cluster-hash-seed 0x\(padded)"
    }

    /// A number that is the same on every node (FNV-1a).
    static func seed(_ endpoint: Destination) -> UInt32 {
        var hash: UInt32 = 0x811C_9DC5
        for byte in endpoint.description.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }

    /// Who was sent to the endpoint not longer ago than this.
    static func remembers(_ list: String, _ seconds: UInt32, _ family: IPFamily) -> String {
        "-m recent --rcheck --seconds \(seconds) --reap --name \(list) --mask \(fullMask(family)) --rsource"
    }

    static func remember(_ list: String, _ family: IPFamily) -> String {
        "-m recent --set --name \(list) --mask \(fullMask(family)) --rsource"
    }

    /// A name of a chain that belongs to one port: iptables allows 28 characters.
    static func hashed(_ kind: String, _ text: String) -> String {
        var name = IPTablesChain.prefix + kind + "-"
        let digest = Digest.sha256(Array(text.utf8))
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        // Five bits a character: sixteen of them are ten bytes.
        var value = 0
        var bits = 0
        for byte in digest.prefix(10) {
            value = value << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                name.append(alphabet[value >> bits & 31])
            }
            value &= (1 << bits) - 1
        }
        return name
    }

    private static func fullMask(_ family: IPFamily) -> String {
        family == .v4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    }

    private static func hexadecimal(_ mark: UInt32) -> String { "0x\(String(mark, radix: 16))" }
}

extension PodDetection {
    /// One of these holds for what the node's pods send.
    func iptablesTests(_ family: IPFamily) -> [String] {
        switch self {
        case .none: []
        case .networks(let networks): networks.filter { $0.family == family }.map(IPTablesText.source)
        case .bridge(let name): ["-i \(name)"]
        case .interfacePrefix(let prefix): ["-i \(prefix)+"]
        }
    }
}
