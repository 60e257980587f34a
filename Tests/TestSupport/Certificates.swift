internal import Foundation

/// An authority with a server's and a client's certificate, made by the openssl program for one test.
package final class Certificates {
    private let directory: TemporaryDirectory

    package init() throws {
        directory = try TemporaryDirectory()
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=test authority",
            "-keyout", file("ca.key"), "-out", file("ca.pem"))
        for (name, use) in [("server", "serverAuth"), ("client", "clientAuth")] {
            try openssl(
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
                "-keyout", file("\(name).key"), "-out", file("\(name).csr"))
            let extensions = "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=\(use),clientAuth\n"
            try Data(extensions.utf8).write(to: URL(fileURLWithPath: file("\(name).ext")))
            try openssl(
                "x509", "-req", "-days", "2", "-in", file("\(name).csr"), "-CA", file("ca.pem"), "-CAkey",
                file("ca.key"), "-CAcreateserial",
                "-extfile", file("\(name).ext"), "-out", file("\(name).pem"))
        }
    }

    package func file(_ name: String) -> String { directory.file(name) }

    /// etcd's arguments for TLS with client certificates.
    package var serverArguments: [String] {
        [
            "--cert-file", file("server.pem"), "--key-file", file("server.key"), "--trusted-ca-file", file("ca.pem"),
            "--client-cert-auth",
        ]
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.start()
        process.waitUntilExit()
        struct Failed: Error { var arguments: [String] }
        if process.terminationStatus != 0 { throw Failed(arguments: arguments) }
    }
}
