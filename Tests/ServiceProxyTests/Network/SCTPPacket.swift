/// The first packet of an association, or the answer to it (RFC 9260, sections 3.3.2 and 3.3.3).
struct SCTPPacket: Hashable {
    enum Chunk: UInt8 {
        case initiation = 1
        case initiationAnswer = 2
    }

    var sourcePort: UInt16
    var destinationPort: UInt16
    /// Of an answer the initiation's own tag; 0 of an initiation.
    var verificationTag: UInt32 = 0
    var chunk = Chunk.initiation
    var initiateTag: UInt32
    /// What an answer has the client send back: any bytes.
    var cookie: [UInt8] = []

    init(from sourcePort: UInt16, to destinationPort: UInt16, tag: UInt32) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        initiateTag = tag
    }

    func answer(tag: UInt32, cookie: [UInt8]) -> SCTPPacket {
        var answer = SCTPPacket(from: destinationPort, to: sourcePort, tag: tag)
        answer.verificationTag = initiateTag
        answer.chunk = .initiationAnswer
        answer.cookie = cookie
        return answer
    }

    var bytes: [UInt8] {
        var parameter: [UInt8] = []
        if chunk == .initiationAnswer {
            parameter = Self.octets(UInt16(7)) + Self.octets(UInt16(4 + cookie.count)) + cookie
        }
        // A window, ten streams each way, the first number of a chunk.
        let fixed: [UInt8] =
            Self.octets(initiateTag) + Self.octets(UInt32(65_536)) + [0, 10, 0, 10] + Self.octets(initiateTag)
        let length = UInt16(4 + fixed.count + parameter.count)
        let padding = [UInt8](repeating: 0, count: (4 - parameter.count % 4) % 4)
        let body = [chunk.rawValue, 0] + Self.octets(length) + fixed + parameter + padding
        let ports = Self.octets(sourcePort) + Self.octets(destinationPort) + Self.octets(verificationTag)
        let checksum = CRC32C.of(ports + [0, 0, 0, 0] + body)
        return ports + Self.octets(checksum.byteSwapped) + body
    }

    /// Nil for what is neither, and for a wrong checksum.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 32, let chunk = Chunk(rawValue: bytes[12]) else { return nil }
        var rest = bytes
        rest.replaceSubrange(8..<12, with: [0, 0, 0, 0])
        guard Self.octets(CRC32C.of(rest).byteSwapped) == Array(bytes[8..<12]) else { return nil }
        self.init(
            from: UInt16(Self.number(bytes[0..<2])), to: UInt16(Self.number(bytes[2..<4])),
            tag: Self.number(bytes[16..<20]))
        self.chunk = chunk
        verificationTag = Self.number(bytes[4..<8])
        if chunk == .initiationAnswer, bytes.count >= 36, bytes[32..<34].elementsEqual([0, 7]) {
            let end = 32 + Int(Self.number(bytes[34..<36]))
            guard (36...bytes.count).contains(end) else { return nil }
            cookie = Array(bytes[36..<end])
        }
    }

    private static func octets(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}

/// The checksum of SCTP (RFC 9260, appendix A).
enum CRC32C {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        var rest: UInt32 = .max
        for byte in bytes {
            rest ^= UInt32(byte)
            for _ in 0..<8 { rest = rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
        }
        return ~rest
    }
}
