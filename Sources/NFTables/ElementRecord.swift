/// One element as an `ElementList` keeps it: a head, the key, the end of the key's range, the timeout, the value, the comment,
/// each in the kernel's own form. What is not there takes no room, and elements that are equal have equal bytes.
struct ElementRecord {
    struct Parts: OptionSet {
        var rawValue: UInt8

        static let keyEnd = Parts(rawValue: 1)
        static let timeout = Parts(rawValue: 2)
        static let data = Parts(rawValue: 4)
        static let verdict = Parts(rawValue: 8)
        static let comment = Parts(rawValue: 16)
    }

    /// Length of the value (two bytes), length of the comment, parts, length of the key.
    private static let headLength = 5
    /// Beside the length of the key: this is no element, but the end of an interval over one component, which is an entry of
    /// its own for the kernel.
    private static let endMark: UInt8 = 0x80
    private static let codeLength = MemoryLayout<Int32>.size

    let bytes: UnsafeRawBufferPointer
    let parts: Parts

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        parts = Parts(rawValue: bytes[3])
    }

    private var valueLength: Int { Int(bytes.loadUnaligned(as: UInt16.self)) }
    private var commentLength: Int { Int(bytes[2]) }
    private var keyLength: Int { Int(bytes[4] & ~Self.endMark) }
    var isEnd: Bool { bytes[4] & Self.endMark != 0 }

    private func slice(_ start: Int, _ length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
    }

    var key: UnsafeRawBufferPointer { slice(Self.headLength, keyLength) }

    var keyEnd: UnsafeRawBufferPointer? {
        parts.contains(.keyEnd) ? slice(Self.headLength + keyLength, keyLength) : nil
    }

    /// What says which element it is: whether it is an end, and the key with its own end.
    var place: UnsafeRawBufferPointer { slice(4, timeoutStart - 4) }

    private var timeoutStart: Int { Self.headLength + (parts.contains(.keyEnd) ? 2 : 1) * keyLength }
    private var valueStart: Int { timeoutStart + (parts.contains(.timeout) ? MemoryLayout<UInt64>.size : 0) }

    var timeout: UInt64? {
        parts.contains(.timeout) ? bytes.loadUnaligned(fromByteOffset: timeoutStart, as: UInt64.self) : nil
    }

    var data: UnsafeRawBufferPointer? { parts.contains(.data) ? slice(valueStart, valueLength) : nil }

    var verdict: (code: Int32, chain: UnsafeRawBufferPointer)? {
        guard parts.contains(.verdict) else { return nil }
        let code = bytes.loadUnaligned(fromByteOffset: valueStart, as: Int32.self)
        return (code, slice(valueStart + Self.codeLength, valueLength - Self.codeLength))
    }

    var comment: UnsafeRawBufferPointer? {
        parts.contains(.comment) ? slice(valueStart + valueLength, commentLength) : nil
    }
}

extension ElementRecord {
    /// What a record is made of; the parts lie wherever they came from.
    struct Content {
        var key: UnsafeRawBufferPointer
        var keyEnd: UnsafeRawBufferPointer?
        var isEnd = false
        var timeout: UInt64?
        var value: Value?
        var comment: UnsafeRawBufferPointer?

        enum Value {
            case data(UnsafeRawBufferPointer)
            /// The chain's name without the zero byte; empty for verdicts that lead to none.
            case verdict(Int32, UnsafeRawBufferPointer)
        }
    }

    static func append(_ content: Content, to bytes: inout [UInt8]) {
        var parts: Parts = []
        if content.keyEnd != nil { parts.insert(.keyEnd) }
        if content.timeout != nil { parts.insert(.timeout) }
        if content.comment != nil { parts.insert(.comment) }
        var valueLength = 0
        switch content.value {
        case .data(let data):
            parts.insert(.data)
            valueLength = data.count
        case .verdict(_, let chain):
            parts.insert(.verdict)
            valueLength = codeLength + chain.count
        case nil: break
        }
        withUnsafeBytes(of: UInt16(truncatingIfNeeded: valueLength)) { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(truncatingIfNeeded: content.comment?.count ?? 0))
        bytes.append(parts.rawValue)
        bytes.append(UInt8(truncatingIfNeeded: content.key.count) | (content.isEnd ? endMark : 0))
        bytes.append(contentsOf: content.key)
        if let end = content.keyEnd { bytes.append(contentsOf: end) }
        if let timeout = content.timeout { withUnsafeBytes(of: timeout) { bytes.append(contentsOf: $0) } }
        switch content.value {
        case .data(let data): bytes.append(contentsOf: data)
        case .verdict(let code, let chain):
            withUnsafeBytes(of: code) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: chain)
        case nil: break
        }
        if let comment = content.comment { bytes.append(contentsOf: comment) }
    }
}
