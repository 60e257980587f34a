import Foundation
import Glibc
import Linux
import TestSupport
import Testing

/// Logs and streams, with kubectl before the real server and a stand-in for a kubelet behind it.
@Suite(
    "A kubelet behind the server", .requiresProgram("kubectl"), .requiresProgram("python3"),
    .requiresProgram("openssl"), .serialized)
struct KubeletTests {
    /// Speaks TLS and HTTP/1.1, and of exec the WebSocket protocol v5.channel.k8s.io; asks for a certificate.
    private static let standIn = #"""
        import base64, hashlib, json, socket, ssl, struct, sys, threading, urllib.parse
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        context.load_verify_locations(sys.argv[3])
        context.verify_mode = ssl.CERT_REQUIRED
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)

        def frame(data): # a binary one of WebSocket, from a server
            size = bytes([len(data)]) if len(data) < 126 else bytes([126]) + struct.pack(">H", len(data))
            return b"\x82" + size + data

        def frames(file):
            while True:
                head = file.read(2)
                if len(head) < 2 or head[0] & 15 == 8: return
                size = head[1] & 127
                if size == 126: size = struct.unpack(">H", file.read(2))[0]
                mask = file.read(4)
                yield bytes(b ^ mask[i % 4] for i, b in enumerate(file.read(size)))

        def exec_(sock, file, query, headers):
            key = headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
            sock.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n" % accept).encode())
            status = {"metadata": {}, "status": "Success"}
            if "input" in query:
                for data in frames(file):
                    if data[:2] == b"\xff\x00": break
                    if data[0] == 0 and len(data) > 1: sock.sendall(frame(b"\x01" + data[1:].upper()))
            else:
                sock.sendall(frame(b"\x01" + (" ".join(query["command"]) + "\n").encode()))
            if query["command"][0] == "false":
                status = {"metadata": {}, "status": "Failure", "reason": "NonZeroExitCode", "message": "failed",
                    "details": {"causes": [{"reason": "ExitCode", "message": "7"}]}}
            sock.sendall(frame(b"\x03" + json.dumps(status).encode()) + b"\x88\x02\x03\xe8")

        def serve(raw):
            try: sock = context.wrap_socket(raw, server_side=True)
            except ssl.SSLError: return # this kubelet is not trusted, as one of the tests wants
            who = dict(part[0] for part in sock.getpeercert()["subject"])
            file = sock.makefile("rb")
            method, target, _ = file.readline().decode().split()
            headers = {}
            while (line := file.readline().decode().strip()):
                name, value = line.split(":", 1)
                headers[name.lower()] = value.strip()
            path, _, text = target.partition("?")
            query = urllib.parse.parse_qs(text, keep_blank_values=True)
            if path.startswith("/exec/"): exec_(sock, file, query, headers)
            elif path.startswith("/portForward/"):
                sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
                while (data := file.read1(65536)): sock.sendall(data)
            elif path == "/containerLogs/default/p/c" and "previous" in query:
                body = b"previous terminated container not found"
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            elif path == "/containerLogs/default/p/c":
                lines = ["%s %s" % (who["commonName"], text)] + ["line %d" % i for i in range(50000)]
                sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: x/y\r\n\r\n")
                data = ("\n".join(lines) + "\n").encode()
                for start in range(0, len(data), 10000):
                    piece = data[start:start + 10000]
                    sock.sendall(b"%x\r\n" % len(piece) + piece + b"\r\n")
                sock.sendall(b"0\r\n\r\n")
            else: sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            try: sock.unwrap()
            except OSError: pass
            sock.close()

        while True:
            threading.Thread(target=lambda s: serve(s), args=(listener.accept()[0],), daemon=True).start()
        """#

    /// Sends bytes through a port-forward both ways at once; prints how many came back as they were sent.
    private static let echo = #"""
        import os, socket, ssl, sys, threading
        host, port, pki, path = "127.0.0.1", int(sys.argv[1]), sys.argv[2], sys.argv[3]
        context = ssl.create_default_context(cafile=pki + "/ca.crt")
        context.load_cert_chain(pki + "/admin.crt", pki + "/admin.key")
        sock = context.wrap_socket(socket.create_connection((host, port)), server_hostname=host)
        sock.sendall(("POST %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\nContent-Length: 0\r\n\r\n"
            % path).encode())
        file = sock.makefile("rb")
        print(file.readline().decode().strip())
        while (line := file.readline().decode().strip()): print(line.lower())
        data = os.urandom(4 << 20)
        sender = threading.Thread(target=sock.sendall, args=(data,))
        sender.start()
        back = file.read(len(data))
        sender.join()
        print("same" if back == data else "different", len(back))
        """#

    private final class Kubelet {
        let process = Process()
        let port: Int

        /// With a certificate of its own, as kubelets begin.
        init(_ server: LiveServer) throws {
            let base = "\(server.directory)/kubelet"
            let made = try server.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    "\(base).key", "-out", "\(base).crt", "-subj", "/CN=n1", "-days", "1",
                ])
            #expect(made.code == 0)
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "python3", "-c", KubeletTests.standIn, "\(base).crt", "\(base).key", "\(server.directory)/pki/ca.crt",
            ]
            let out = Pipe.unshared
            process.standardOutput = out
            try process.start()
            let line = out.fileHandleForReading.availableData
            port = Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }

        deinit {
            // The tests' own mask of signals is the child's, too: a mere request to end would not reach it.
            Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private func addPod(_ server: LiveServer, port: Int) throws {
        _ = try server.kubectl("create", "-f", "-", input: "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n")
        let status =
            #"{"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],"#
            + #""daemonEndpoints":{"kubeletEndpoint":{"Port":\#(port)}}}}"#
        #expect(try server.kubectl("patch", "node", "n1", "--subresource=status", "-p", status).contains("patched"))
        try eventually("the account is there") {
            try server.kubectl("get", "sa", "default", "-o", "name") == "serviceaccount/default\n"
        }
        let pod = """
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec: {nodeName: n1, containers: [{name: c, image: i}]}
            """
        #expect(try server.kubectl("create", "-f", "-", input: pod) == "pod/p created\n")
        _ = try server.kubectl("patch", "pod", "p", "--subresource=status", "-p", #"{"status":{"phase":"Running"}}"#)
    }

    @Test("kubectl reads logs, runs commands, and feeds them; bytes go through as they are")
    func streams() throws {
        let server = try LiveServer()
        let kubelet = try Kubelet(server)
        try addPod(server, port: kubelet.port)
        let log = try server.kubectl("logs", "p", "--tail=7", "--timestamps").split(separator: "\n")
        #expect(
            log.first == "kube-apiserver-kubelet-client tailLines=7&timestamps=true"
                || log.first == "kube-apiserver-kubelet-client timestamps=true&tailLines=7")
        #expect(log.count == 50001 && log.last == "line 49999")
        #expect(try server.kubectl("logs", "p", "-f", "-c", "c").contains("follow=true"))
        #expect(try server.kubectl("logs", "p", "--previous").contains("previous terminated container not found"))
        #expect(try server.kubectl("exec", "p", "--", "echo", "a b").hasSuffix("echo a b\n"))
        #expect(try server.kubectl("exec", "-i", "p", "--", "cat", input: "from here\n") == "FROM HERE\n")
        let failed = try server.run("kubectl", ["exec", "p", "--", "false"])
        #expect(failed.code == 7)

        let script = "\(server.directory)/echo.py"
        try Files.store(script, Array(Self.echo.utf8))
        let path = "/api/v1/namespaces/default/pods/p/portforward?ports=80"
        let echoed = try server.run("python3", [script, "\(server.port)", "\(server.directory)/pki", path])
        let lines = echoed.out.split(separator: "\n")
        #expect(lines.first == "HTTP/1.1 101 Switching Protocols" && lines.contains("upgrade: echo"))
        #expect(lines.last == "same \(4 << 20)", "\(echoed.err.suffix(300))")
        #expect(server.curl(path, "-X", "POST").contains("Upgrade request required"))
        // The log of the requests says what was done to whom.
        try eventually("the log says so") {
            let audit = try Files.readText("\(server.directory)/audit.log")
            return audit.contains(#""subresource":"exec""#) && audit.contains(#""subresource":"portforward""#)
        }
    }

    @Test("a kubelet that is away, or is not who it should be, is reported")
    func failures() throws {
        let server = try LiveServer(["--kubelet-certificate-authority", "/dev/null"])
        let kubelet = try Kubelet(server)
        try addPod(server, port: kubelet.port)
        #expect(server.curl("/api/v1/namespaces/default/pods/p/log").contains("error dialing backend"))
        _ = try server.kubectl(
            "patch", "node", "n1", "--subresource=status", "-p",
            #"{"status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":1}}}}"#)
        #expect(try server.kubectl("logs", "p").contains("Connection refused"))
        #expect(server.curl("/api/v1/namespaces/default/pods/p/log?container=x").contains("is not valid for pod p"))
        #expect(server.curl("/api/v1/nodes/n1/proxy/healthz").contains("address not allowed"))
    }
}
