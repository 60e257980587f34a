internal import CNftables

/// The bytes that the kernel keeps for user space with an object: type, length, value, as nft(8) writes and reads.
struct UserData {
    private(set) var bytes: [UInt8] = []

    init() {}

    /// Only a comment, when there is one. It is type 0 for tables, chains, rules and elements.
    init(comment: String?, type: Int = 0) {
        if let comment { append(type, comment) }
    }

    mutating func append(_ type: Int, _ number: UInt32) {
        withUnsafeBytes(of: number) { append(type, Array($0)) }
    }

    /// Strings end with a zero byte; longer ones than nft(8) takes are cut at a character.
    mutating func append(_ type: Int, _ text: String) { append(type, Array(Self.fitting(text).utf8) + [0]) }

    /// What of a comment the kernel keeps.
    static func fitting(_ comment: String) -> String {
        var text = comment
        while text.utf8.count >= NFTNL_UDATA_COMMENT_MAXLEN { text.removeLast() }
        return text
    }

    /// What stands before a comment of so many bytes, which a zero byte follows.
    static func commentHead(_ count: Int) -> [UInt8] { [0, UInt8(truncatingIfNeeded: count + 1)] }

    private mutating func append(_ type: Int, _ value: [UInt8]) {
        bytes.append(UInt8(type))
        bytes.append(UInt8(value.count))
        bytes += value
    }

    /// The comment of that type in what the kernel kept, if any.
    static func comment(in data: UnsafeRawBufferPointer, type: Int = 0) -> String? {
        commentBytes(in: data, type: type).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same, as it lies there, without its zero byte.
    static func commentBytes(in data: UnsafeRawBufferPointer, type: Int = 0) -> UnsafeRawBufferPointer? {
        var rest = data[...]
        while rest.count >= 2 {
            let length = Int(rest[rest.startIndex + 1])
            let value = rest.dropFirst(2).prefix(length)
            if rest[rest.startIndex] == type { return UnsafeRawBufferPointer(rebasing: value.prefix { $0 != 0 }) }
            rest = rest.dropFirst(2 + length)
        }
        return nil
    }
}

extension NFTSet {
    /// The byte orders tell nft(8) how to print numbers of the key and the data; concatenations have none.
    var userData: UserData {
        var data = UserData()
        data.append(Int(NFTNL_UDATA_SET_KEYBYTEORDER.rawValue), byteOrder(of: key))
        if case .data(let types) = value {
            data.append(Int(NFTNL_UDATA_SET_DATABYTEORDER.rawValue), byteOrder(of: types))
        }
        if let comment { data.append(Int(NFTNL_UDATA_SET_COMMENT.rawValue), comment) }
        return data
    }

    private func byteOrder(of types: [DataType]) -> UInt32 {
        if types.count != 1 { return 0 }
        return types[0].isHostOrder ? 1 : 2
    }
}
