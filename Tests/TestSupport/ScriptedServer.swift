internal import Glibc
internal import Linux
internal import Synchronization

/// An API server's stand-in that does whatever a test says, byte by byte: HTTP/1.1 on a free port of the loopback, a
/// thread a connection, one request a connection.
package final class ScriptedServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        /// With its query, as sent.
        package var target: String
        /// By name in lower case.
        package var headers: [String: String]
        package var body: String

        package var path: String { String(target.prefix { $0 != "?" }) }
        package var query: [String: String] {
            let pairs = target.drop { $0 != "?" }.dropFirst().split(separator: "&").map { pair in
                let halves = pair.split(separator: "=", maxSplits: 1)
                return (String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
            }
            return Dictionary(pairs) { $1 }
        }
        package var isWatch: Bool { query["watch"] == "true" }
    }

    /// The server's end of a connection.
    package struct Connection: ~Copyable {
        let socket: FileDescriptor

        /// False when the client has gone.
        @discardableResult
        package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        @discardableResult
        package func send(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Glibc.send(socket.rawValue, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                }
                if count <= 0 { return false }
                sent += count
            }
            return true
        }

        package func answer(_ status: Int = 200, _ body: String, headers: [String] = []) {
            let head = ["HTTP/1.1 \(status) Status", "Content-Length: \(body.utf8.count)", "Connection: close"]
            let type = headers.contains { $0.hasPrefix("Content-Type") } ? [] : ["Content-Type: application/json"]
            send((head + type + headers).joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// The head of an answer that ends with the connection.
        package func open() { send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n") }

        /// Whether the client has gone, now.
        package var hasEnded: Bool {
            var byte: UInt8 = 0
            return recv(socket.rawValue, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) == 0
        }

        /// Waits until the client has gone.
        package func waitForEnd() {
            var byte: UInt8 = 0
            _ = recv(socket.rawValue, &byte, 1, 0)
        }
    }

    package typealias Script = @Sendable (Request, _ number: Int, borrowing Connection) -> Void

    package let port: UInt16
    private let listener: FileDescriptor
    private let seen = Mutex<[Request]>([])

    /// The script answers one request; `number` counts all of them, from 0.
    package init(_ script: @escaping Script) throws {
        let socket = FileDescriptor(
            owning: try check("make", "a socket") {
                Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            })
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let raw = socket.rawValue
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try check("bind", "a port") { bind(raw, pointer, length) }
                try check("name", "the port") { getsockname(raw, pointer, &length) }
            }
        }
        try check("listen on", "the port") { listen(raw, 128) }
        port = UInt16(bigEndian: address.sin_port)
        listener = socket
        _ = try Thread("scripted-server") { [weak self] in
            while true {
                let fd = accept(raw, nil, nil)
                if fd < 0 { return }
                guard let self else {
                    close(fd)
                    return
                }
                self.serve(fd, script)
            }
        }
    }

    deinit { shutdown(listener.rawValue, CInt(SHUT_RDWR)) }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [Request] { seen.withLock { $0 } }
    package var targets: [String] { requests.map { "\($0.method) \($0.target)" } }

    private func serve(_ fd: CInt, _ script: @escaping Script) {
        _ = try? Thread("scripted-answer") { [self] in
            let connection = Connection(socket: FileDescriptor(owning: fd))
            guard let request = Self.read(fd) else { return }
            let number = seen.withLock { seen in
                seen.append(request)
                return seen.count - 1
            }
            script(request, number, connection)
        }
    }

    private static func read(_ fd: CInt) -> Request? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        func receive() -> Bool {
            let count = recv(fd, &chunk, chunk.count, 0)
            if count > 0 { bytes += chunk[..<count] }
            return count > 0
        }
        while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
            if !receive() { return nil }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var request = Request(method: String(words[0]), target: String(words[1]), headers: [:], body: "")
        for line in lines.dropFirst() {
            let halves = line.split(separator: ":", maxSplits: 1)
            request.headers[halves[0].lowercased()] = String(halves[1].drop { $0 == " " })
        }
        let length = Int(request.headers["content-length"] ?? "0") ?? 0
        let headLength = parts[0].utf8.count + 4
        while bytes.count < headLength + length { if !receive() { return nil } }
        request.body = String(decoding: bytes[headLength..<(headLength + length)], as: UTF8.self)
        return request
    }
}
