import CMnl
import Glibc
import TestSupport
import Testing

/// libmnl itself, to compare with; nil where it is not installed.
private struct ReferenceLibrary {
    typealias Validate = @convention(c) (UnsafeRawPointer, UInt32) -> CInt
    typealias TypeValid = @convention(c) (UnsafeRawPointer, UInt16) -> CInt
    typealias IsWhole = @convention(c) (UnsafeRawPointer, CInt) -> Bool
    typealias Put = @convention(c) (UnsafeMutableRawPointer, UInt16, Int, UnsafeRawPointer?) -> Void
    typealias PutText = @convention(c) (UnsafeMutableRawPointer, UInt16, UnsafePointer<CChar>) -> Void
    typealias Begin = @convention(c) (UnsafeMutableRawPointer, UInt16) -> UnsafeMutableRawPointer
    typealias End = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void

    let validate: Validate
    let typeValid: TypeValid
    let isWhole: IsWhole
    let put: Put
    let putText: PutText
    let begin: Begin
    let end: End

    init?() {
        guard let library = dlopen("libmnl.so.0", RTLD_NOW | RTLD_LOCAL) else { return nil }
        func find<Function>(_ name: String, _: Function.Type) -> Function? {
            dlsym(library, name).map { unsafeBitCast($0, to: Function.self) }
        }
        guard let validate = find("mnl_attr_validate", Validate.self),
            let typeValid = find("mnl_attr_type_valid", TypeValid.self),
            let isWhole = find("mnl_attr_ok", IsWhole.self), let put = find("mnl_attr_put", Put.self),
            let putText = find("mnl_attr_put_strz", PutText.self),
            let begin = find("mnl_attr_nest_start", Begin.self), let end = find("mnl_attr_nest_end", End.self)
        else { return nil }
        (self.validate, self.typeValid, self.isWhole) = (validate, typeValid, isWhole)
        (self.put, self.putText, self.begin, self.end) = (put, putText, begin, end)
    }
}

@Suite("netlink attributes, beside libmnl's", .enabled("needs libmnl0") { ReferenceLibrary() != nil })
struct AttributeTests {
    @Test("messages are the same, byte for byte")
    func writing() throws {
        let reference = try #require(ReferenceLibrary())
        var random = SeededGenerator()
        for _ in 0..<2000 {
            let seed = random.next()
            let ours = message(seed) { message, generator, depth in
                let payload = (0..<Int.random(in: 0...40, using: &generator)).map { UInt8(truncatingIfNeeded: $0 * 7) }
                let type = UInt16.random(in: 0...60, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: mnl_attr_put_strz(message, type, "eth\(payload.count)")
                case 1:
                    let nest = mnl_attr_nest_start(message, type)
                    mnl_attr_put(message, type, payload.count, payload)
                    if depth > 0 { mnl_attr_put_u32(message, 1, UInt32(depth)) }
                    mnl_attr_nest_end(message, nest)
                default: mnl_attr_put(message, type, payload.count, payload)
                }
            }
            let theirs = message(seed) { message, generator, depth in
                let payload = (0..<Int.random(in: 0...40, using: &generator)).map { UInt8(truncatingIfNeeded: $0 * 7) }
                let type = UInt16.random(in: 0...60, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: reference.putText(message, type, "eth\(payload.count)")
                case 1:
                    let nest = reference.begin(message, type)
                    reference.put(message, type, payload.count, payload)
                    if depth > 0 { withUnsafeBytes(of: UInt32(depth)) { reference.put(message, 1, 4, $0.baseAddress) } }
                    reference.end(message, nest)
                default: reference.put(message, type, payload.count, payload)
                }
            }
            #expect(ours == theirs, "seed \(seed)")
        }
    }

    @Test("what one of them takes for whole and valid, the other does too; too short a number is refused")
    func reading() throws {
        let reference = try #require(ReferenceLibrary())
        var random = SeededGenerator()
        for _ in 0..<20_000 {
            var bytes = (0..<24).map { _ in UInt8.random(in: 0...255, using: &random) }
            let length = UInt16.random(in: 0...20, using: &random)
            (bytes[0], bytes[1]) = (UInt8(length), 0)
            let room = CInt.random(in: -1...24, using: &random)
            let kind = UInt32.random(in: 0..<UInt32(MNL_TYPE_MAX.rawValue), using: &random)
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                let attribute = start.assumingMemoryBound(to: nlattr.self)
                #expect(mnl_attr_ok(attribute, room) == reference.isWhole(start, room), "seed \(random.seed)")
                #expect(mnl_attr_type_valid(attribute, 30) == reference.typeValid(start, 30), "seed \(random.seed)")
                guard length >= 4 else { return }
                let ours = mnl_attr_validate(attribute, mnl_attr_data_type(kind))
                let theirs = reference.validate(start, kind)
                // libmnl lets numbers through that are shorter than their type, and then reads beyond them.
                let sizes: [UInt32: Int] = [1: 1, 2: 2, 3: 4, 4: 8, 7: 8]
                if let size = sizes[kind] {
                    #expect(
                        ours == (Int(length) - 4 == size ? 0 : -1),
                        "type \(kind), length \(length), seed \(random.seed)")
                    if ours == 0 { #expect(theirs == 0) }
                } else {
                    #expect(ours == theirs, "type \(kind), length \(length), seed \(random.seed)")
                }
            }
        }
    }

    private func message(
        _ seed: UInt64, _ append: (UnsafeMutablePointer<nlmsghdr>, inout SeededGenerator, Int) -> Void
    ) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        // Zeros, because libmnl leaves the padding as it finds it; that of CMnl is always zero.
        var bytes = [UInt8](repeating: 0, count: 2048)
        let length = bytes.withUnsafeMutableBytes { memory in
            let start = memory.baseAddress.map { $0.assumingMemoryBound(to: nlmsghdr.self) }
            guard let start else { return 0 }
            start.pointee = nlmsghdr(nlmsg_len: 20, nlmsg_type: 1, nlmsg_flags: 0, nlmsg_seq: 0, nlmsg_pid: 0)
            for depth in 0..<12 { append(start, &generator, depth) }
            return Int(start.pointee.nlmsg_len)
        }
        return Array(bytes[..<length])
    }
}
