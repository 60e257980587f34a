import Daemon
import Glibc
import Linux
import TestSupport
import Testing

@Suite("Service notification")
struct ServiceNotifierTests {
    /// A socket as the service manager has it.
    func manager(_ path: String) throws -> FileDescriptor {
        let socket = FileDescriptor(
            owning: try check("make", path) {
                Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            })
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(2 + name.count)
        _ = try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try check("bind", path) { bind(socket.rawValue, address, length) }
            }
        }
        return socket
    }

    func receive(_ socket: borrowing FileDescriptor) -> String? {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = recv(socket.rawValue, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }

    @Test("what is told arrives, at a path and at an abstract name", arguments: [false, true])
    func messages(isAbstract: Bool) throws {
        let directory = try TemporaryDirectory()
        let path =
            isAbstract ? "@poplin-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))" : directory.file("notify")
        let socket = try manager(path)
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000000"])
        #expect(notifier.watchdogInterval == .seconds(10))
        notifier.status("3 peers\nREADY=1")
        notifier.ready()
        notifier.watchdog()
        notifier.stopping()
        let said = ["STATUS=3 peers READY=1", "READY=1", "WATCHDOG=1", "STOPPING=1"]
        for line in said { #expect(receive(socket) == line) }
    }

    @Test("without a manager, or with one that is gone, nothing happens")
    func nobody() {
        for environment in [
            [:], ["NOTIFY_SOCKET": "/nonexistent/notify"], ["NOTIFY_SOCKET": "relative"], ["NOTIFY_SOCKET": ""],
        ] {
            ServiceNotifier(environment: environment).ready()
        }
        let other = ["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"]
        #expect(ServiceNotifier(environment: other).watchdogInterval == nil)
    }
}
