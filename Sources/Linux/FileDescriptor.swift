internal import CLinux
internal import Glibc

/// Owns an open descriptor and closes it at the end of its life.
package struct FileDescriptor: ~Copyable, Sendable {
    package let rawValue: CInt

    /// Takes ownership of an open descriptor.
    package init(owning rawValue: CInt) { self.rawValue = rawValue }

    deinit { _ = close(rawValue) }

    /// Gives the descriptor away; the caller closes it.
    package consuming func release() -> CInt {
        let raw = rawValue
        discard self
        return raw
    }

    /// Opens a file, always with O_CLOEXEC. Throws with the path in the error.
    package static func open(_ path: String, _ flags: CInt, mode: UInt32 = 0o600) throws(SystemError) -> FileDescriptor
    {
        FileDescriptor(owning: try check("open", path) { poplin_open(path, flags | O_CLOEXEC, mode) })
    }

    /// A new file without a name, in memory (memfd_create(2)); the text is what /proc shows for it.
    package static func inMemory(_ name: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try check("make", "a file in memory") { poplin_memory_file(name) })
    }

    /// A socket that sends whole Ethernet frames on a link of the calling thread's namespace, and receives none
    /// (packet(7)).
    package static func packetSocket(on link: Int32) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try check("make", "a packet socket on link \(link)") { poplin_packet_socket(link) })
    }

    package func duplicate() throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try check("duplicate", "descriptor \(rawValue)") { fcntl(rawValue, F_DUPFD_CLOEXEC, 3) })
    }

    /// Reads up to the buffer's size; 0 at the end of the file. `errno` `.again` on an empty non-blocking descriptor.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try check("read", "descriptor \(rawValue)") { Glibc.read(rawValue, buffer.baseAddress, buffer.count) }
    }

    /// Reads to the end of the file; more than `limit` bytes is EFBIG, so that a hostile file cannot fill the memory.
    package func readAll(limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = try check("read", "descriptor \(rawValue)") { Glibc.read(rawValue, &chunk, chunk.count) }
            if count == 0 { return result }
            result.append(contentsOf: chunk[..<count])
            if result.count > limit { throw SystemError("read", "descriptor \(rawValue)", Errno(EFBIG)) }
        }
    }

    /// Writes all of the bytes.
    package func writeAll(_ bytes: some Collection<UInt8>) throws(SystemError) {
        let array = Array(bytes)
        var offset = 0
        while offset < array.count {
            offset += try check("write to", "descriptor \(rawValue)") {
                array.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress.map { $0 + offset }, $0.count - offset) }
            }
        }
    }
}
