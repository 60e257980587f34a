import CNI
import Glibc
import JSON
import Lab
import Linux
import TestSupport
import Testing

/// The built poplin-cni, and the plugin that it is compared with.
enum Executable {
    static let reference = "/usr/lib/cni/host-local"

    static let path: String = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/.build/debug/poplin-cni"
    }()
}

@Suite(.enabled("needs poplin-cni: swift build", { Files.isExecutable(Executable.path) }))
struct ExecutableTests {
    private static func run(_ environment: [String: String], input: String) throws -> Command.Output {
        try Command(Executable.path, environment: environment).run(input: input)
    }

    @Test func `stdout has the answer, the exit status the verdict`() throws {
        let version = try Self.run(["CNI_COMMAND": "VERSION"], input: "")
        #expect(version.status == 0)
        #expect(try JSONValue.parse(version.standardOutput)["cniVersion"] == "1.1.0")
        let broken = try Self.run(["CNI_COMMAND": "STATUS", "CNI_PATH": "/x"], input: "{")
        #expect(broken.status == 1)
        #expect(try JSONValue.parse(broken.standardOutput)["code"] == 6)
    }

    @Test func `a hundred megabytes on stdin are refused, not stored`() throws {
        let directory = try TemporaryDirectory()
        let script = "head -c 100000000 /dev/zero | CNI_COMMAND=STATUS CNI_PATH=/x \(Executable.path)"
        let output = try Command("/bin/bash", ["-c", script]).run()
        #expect(try JSONValue.parse(output.standardOutput)["code"] == 5)
        #expect(output.status == 1)
        withExtendedLifetime(directory) {}
    }

    @Test func `an answer that nobody can read undoes the ADD`() throws {
        let node = try TestNode()
        let config = HostLocalNetwork(node: node.dataDirectory).config
        try Files.replace(node.directory.file("conf"), Array(config.utf8))
        let script = """
            mount -t tmpfs none /run; mkdir -p /var/lib/cni; mount -t tmpfs none /var/lib/cni
            CNI_COMMAND=ADD CNI_CONTAINERID=a CNI_NETNS=/none CNI_IFNAME=eth0 CNI_PATH=/x \
            bash -c 'exec -a host-local \(Executable.path)' < \(node.directory.file("conf")) > /dev/full
            """
        let output = try Command("/usr/bin/unshare", ["-m", "/bin/bash", "-c", script]).run()
        #expect(output.status == 1)
        #expect(Files.exists(node.file("lock")))
        #expect(node.reservations.isEmpty)
    }
}
