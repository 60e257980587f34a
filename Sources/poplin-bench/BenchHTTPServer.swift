internal import Crypto
internal import Daemon
internal import Glibc
internal import HTTP
internal import Linux
internal import NetTypes

/// An HTTP server over TLS in a process of its own, so that its memory and its time are its own too.
final class BenchHTTPServer {
    let port: UInt16
    private let process: pid_t

    /// Starts this program again as the server and waits until it listens.
    init(_ directory: String) throws {
        let file = "\(directory)/port"
        try Files.remove(file)
        process = try ChildProcess.start(
            ["\(Files.programDirectory())/poplin-bench", "http", "serve", file], environment: Environment.lines,
            descriptors: [0, 1, 2])
        for _ in 0..<500 {
            if let text = try? Files.readText(file), let port = UInt16(text) {
                self.port = port
                return
            }
            usleep(10_000)
        }
        kill(process, SIGKILL)
        throw SystemError("start", "the server", .timedOut)
    }

    deinit {
        kill(process, SIGKILL)
        _ = try? ChildProcess.wait(for: process)
    }

    /// Seconds on a processor.
    func cpuTime() throws -> Double {
        // Fields 14 and 15 of proc_pid_stat(5); the second, in parentheses, has no blank here.
        let fields = try Files.readText("/proc/\(process)/stat").split(separator: " ")
        let ticks = fields.dropFirst(13).prefix(2).reduce(0.0) { $0 + (Double($1) ?? 0) }
        return ticks / Double(sysconf(CInt(_SC_CLK_TCK)))
    }

    func residentMebibytes() throws -> Double {
        let pages = try Files.readText("/proc/\(process)/statm").split(separator: " ").dropFirst().first
        return Double(pages.flatMap { Int($0) } ?? 0) * Double(sysconf(CInt(_SC_PAGESIZE))) / 1_048_576
    }

    /// The server's own part: `/watch` never ends, everything else is answered with what was sent, or a greeting.
    static func serve(_ file: String) throws {
        Allocator.limitArenas(to: 1)
        OpenFiles.raiseLimit(to: 16384)
        let loop = try EventLoop()
        guard let loopback = IPAddress("127.0.0.1") else { return }
        let now = Int(time(nil))
        let (authority, key) = (
            try CertificateAuthority.create(commonName: "bench", notBefore: now - 60, notAfter: now + 86400),
            try PrivateKey.generate(.p256)
        )
        let template = CertificateTemplate(
            subject: DistinguishedName(commonName: "bench"), names: SubjectNames(addresses: [loopback]),
            usages: [.serverAuth], notBefore: now - 60, notAfter: now + 86400)
        let certificate = try authority.issue(template, for: try key.publicKey())
        let context = try TLSServerContext(
            certificate: Array(certificate.pem().utf8), key: Array(try key.pem().utf8),
            clientAuthorities: Array(authority.certificate.pem().utf8))
        let server = try HTTPServer(loop, listen: ListenAddress(loopback, port: 0), tls: context) { exchange in
            if exchange.path == "/watch" {
                exchange.begin(200, headers: ["content-type": "application/json"])
            } else {
                let body = exchange.body.isEmpty ? Array("hello\n".utf8) : exchange.body
                exchange.respond(200, headers: ["content-type": "text/plain"], body: body)
            }
        }
        try Files.replace(file, Array("\(server.port)".utf8))
        try loop.run()
    }
}
