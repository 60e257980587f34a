import Glibc
import Linux

/// Sends small UDP datagrams to the discard port, from the calling thread's network namespace.
func sendDatagrams(_ count: Int, to address: String) throws {
    let descriptor = FileDescriptor(
        owning: try check("open", "a socket") { socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0) })
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = UInt16(9).bigEndian
    inet_pton(AF_INET, address, &target.sin_addr)
    for _ in 0..<count {
        try check("send to", address) {
            withUnsafeBytes(of: &target) {
                sendto(
                    descriptor.rawValue, "x", 1, 0, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t($0.count))
            }
        }
    }
}

/// Packets that the link has sent, from /proc/net/dev of the calling thread's network namespace.
func transmitted(_ link: String) throws -> Int {
    let text = try Files.readText("/proc/thread-self/net/dev")
    for line in text.split(separator: "\n") {
        let fields = line.split(whereSeparator: { $0 == " " || $0 == ":" })
        if fields.first.map(String.init) == link, fields.count > 10 { return Int(fields[10]) ?? 0 }
    }
    return 0
}
