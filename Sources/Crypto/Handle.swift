internal import COpenSSL

/// Owns an object of OpenSSL and frees it at the end of its life.
struct Handle: ~Copyable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Takes ownership of what a call of OpenSSL returned; nil is the error that is in OpenSSL's queue.
    init(
        _ pointer: OpaquePointer?, _ free: @escaping (OpaquePointer?) -> Void, _ operation: String, _ object: String
    ) throws(CryptoError) {
        guard let pointer else { throw .last(operation, object) }
        self.pointer = pointer
        self.free = free
    }

    deinit { free(pointer) }
}

/// Throws what is in OpenSSL's queue when a call did not return 1.
func check(_ result: Int32, _ operation: String, _ object: String) throws(CryptoError) {
    if result != 1 { throw .last(operation, object) }
}

/// The bytes that one of OpenSSL's `i2d` functions writes: it is asked for the length first.
func encoded(
    _ operation: String, _ object: String, _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) throws(CryptoError) -> [UInt8] {
    let length = write(nil)
    guard length > 0 else { throw .last(operation, object) }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    let written = bytes.withUnsafeMutableBufferPointer { buffer in
        var cursor = buffer.baseAddress
        return write(&cursor)
    }
    guard written == length else { throw .last(operation, object) }
    return bytes
}

/// Hands the bytes to one of OpenSSL's `d2i` functions and refuses text after the object.
func decoded(
    _ bytes: [UInt8], _ object: String, _ free: @escaping (OpaquePointer?) -> Void,
    _ read: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
) throws(CryptoError) -> Handle {
    var used = 0
    ERR_clear_error()
    let pointer = bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
        var cursor = buffer.baseAddress
        let pointer = read(&cursor, buffer.count)
        if let start = buffer.baseAddress, let cursor { used = cursor - start }
        return pointer
    }
    let handle = try Handle(pointer, free, "decode", object)
    guard used == bytes.count else { throw CryptoError("decode", object, "bytes after the end of it") }
    return handle
}
