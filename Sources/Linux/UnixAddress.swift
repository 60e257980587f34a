internal import Glibc

/// An address of the unix family (unix(7)): a path, or an abstract name, written with `@` in front.
struct UnixAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// Nil for a name that is empty or too long.
    init?(_ path: String) {
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        guard !name.isEmpty, name.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        // An abstract name is as long as the address says, a path ends with its zero byte; both fit as they are.
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    }

    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
