/// The elements of one set, one after another as the kernel holds them: a few dozen bytes each, without an allocation.
package struct ElementList: Sendable {
    package let set: NFTSet
    private var bytes: [UInt8] = []
    /// Where each record begins.
    private var starts: [UInt32] = []

    package init(_ set: NFTSet) { self.set = set }

    package init(_ set: NFTSet, _ elements: some Sequence<Element>) {
        self.set = set
        for element in elements { append(element) }
    }

    /// What came in several messages.
    init(_ set: NFTSet, joining parts: [ElementList]) {
        self.set = set
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count })
        starts.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts {
            let offset = UInt32(bytes.count)
            bytes += part.bytes
            for start in part.starts { starts.append(start + offset) }
        }
    }

    package mutating func append(_ element: Element) {
        // The longest key has 64 bytes, and so has the longest value of a map.
        withUnsafeTemporaryAllocation(byteCount: 3 * 64, alignment: 8) { scratch in
            let key = scratch.fill(0, element.key)
            var content = ElementRecord.Content(key: key)
            content.keyEnd = element.keyEnd.map { scratch.fill(64, $0) }
            content.timeout = element.timeout
            guard let comment = element.comment.map(UserData.fitting) else {
                return append(&content, element.value, scratch)
            }
            var text = comment
            text.withUTF8 { text in
                content.comment = UnsafeRawBufferPointer(text)
                append(&content, element.value, scratch)
            }
        }
    }

    private mutating func append(
        _ content: inout ElementRecord.Content, _ value: Element.Value?, _ scratch: UnsafeMutableRawBufferPointer
    ) {
        switch value {
        case .data(let data): content.value = .data(scratch.fill(128, data))
        case .verdict(let verdict):
            guard var chain = verdict.chain else {
                content.value = .verdict(verdict.code, UnsafeRawBufferPointer(start: nil, count: 0))
                break
            }
            return chain.withUTF8 { chain in
                content.value = .verdict(verdict.code, UnsafeRawBufferPointer(chain))
                append(content)
            }
        case nil: break
        }
        append(content)
    }

    mutating func append(_ content: ElementRecord.Content) {
        starts.append(UInt32(bytes.count))
        ElementRecord.append(content, to: &bytes)
    }

    package mutating func append(_ other: ElementList, _ index: Int) {
        other.withRecord(index) { record in
            starts.append(UInt32(bytes.count))
            bytes.append(contentsOf: record.bytes)
        }
    }

    func withRecord<Result>(_ index: Int, _ body: (ElementRecord) -> Result) -> Result {
        let end = index + 1 < starts.count ? Int(starts[index + 1]) : bytes.count
        return bytes.withUnsafeBytes {
            body(ElementRecord(UnsafeRawBufferPointer(rebasing: $0[Int(starts[index])..<end])))
        }
    }
}

extension ElementList: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { starts.count }

    package subscript(index: Int) -> Element { withRecord(index) { $0.element(of: set) } }
}

extension ElementList: Hashable {}

extension ElementList {
    /// One component of an element's key; nil for one that the set's keys do not have.
    package func key(_ component: Int, at index: Int) -> Datum? {
        withRecord(index) { Datum(component, of: set.key, in: $0.key) }
    }

    /// One component of what a key leads to in a map; nil for one that is not there, and for verdicts.
    package func value(_ component: Int, at index: Int) -> Datum? {
        guard case .data(let types) = set.value else { return nil }
        return withRecord(index) { record in record.data.flatMap { Datum(component, of: types, in: $0) } }
    }
}

extension ElementRecord {
    fileprivate func element(of set: NFTSet) -> Element {
        var element = Element(
            Datum.list(set.key, in: key), through: keyEnd.map { Datum.list(set.key, in: $0) }, timeout: timeout,
            comment: comment.map { String(decoding: $0, as: UTF8.self) })
        if let data, case .data(let types) = set.value {
            element.value = .data(Datum.list(types, in: data))
        } else if let verdict {
            let chain = verdict.chain.isEmpty ? nil : String(decoding: verdict.chain, as: UTF8.self)
            element.value = Verdict(code: verdict.code, chain: chain).map { .verdict($0) }
        }
        return element
    }
}

extension Datum {
    /// Values as a concatenation has them, each padded to four bytes; those that do not fit are left out.
    fileprivate static func list(_ types: [DataType], in bytes: UnsafeRawBufferPointer) -> [Datum] {
        var values: [Datum] = []
        values.reserveCapacity(types.count)
        for component in types.indices {
            if let value = Datum(component, of: types, in: bytes) { values.append(value) }
        }
        return values
    }

    fileprivate init?(_ component: Int, of types: [DataType], in bytes: UnsafeRawBufferPointer) {
        guard types.indices.contains(component), let base = bytes.baseAddress else { return nil }
        var offset = 0
        for type in types[..<component] { offset += type.paddedLength }
        guard offset + types[component].length <= bytes.count else { return nil }
        self.init(types[component], from: base + offset)
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes values as a concatenation has them; what goes beyond 64 bytes, which the kernel has no room for, is left out.
    fileprivate func fill(_ start: Int, _ values: [Datum]) -> UnsafeRawBufferPointer {
        guard let base = baseAddress else { return UnsafeRawBufferPointer(rebasing: self[..<0]) }
        var length = 0
        for value in values {
            let type = value.type
            let padded = values.count > 1 ? type.paddedLength : type.length
            if length + type.paddedLength > 64 { break }
            // The tail of a component is padding too.
            if padded >= 4 { storeBytes(of: 0, toByteOffset: start + length + padded - 4, as: UInt32.self) }
            value.write(to: base + start + length)
            length += padded
        }
        return UnsafeRawBufferPointer(rebasing: self[start..<start + length])
    }
}
