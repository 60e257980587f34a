import Glibc
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

/// The real daemon on a machine that is not as it should be.
@Suite("A machine that is not as it should be", .requiresRoot, .requiresProgram("etcd"))
struct HostileMachineTests {
    @Test("A full disk under the state directory keeps nobody from being ready, is told, and is over by itself")
    func fullStateDirectory() throws {
        let live = try LiveNode()
        let disk = try SmallDisk(at: live.stateDirectory)
        try disk.fill()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.startDaemon(["--iptables-resync=1"])
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        #expect(try live.status()["problems"]?["state directory"]?.string?.contains("No space") == true)
        try live.eventually("no temporary file stays") { try Files.list(live.stateDirectory) == ["filling"] }
        try disk.makeRoom()
        try live.eventually("the problem is over") { try live.status()["problems"]?["state directory"] == nil }
        #expect(CachedState(directory: live.stateDirectory).leases.contains { $0.subnet == Samples.subnet(2) })
    }

    @Test("A full disk under subnet.env is no readiness, and is one as soon as there is room")
    func fullRunDirectory() throws {
        let live = try LiveNode()
        let disk = try SmallDisk(at: live.directory.file("run"))
        try disk.fill()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.startDaemon(["--iptables-resync=1"])
        try live.eventually("the problem is told") {
            try live.status()["problems"]?["subnet file"]?.string?.contains("No space") == true
        }
        // The data path does not wait for it.
        try live.waitForRoutes(to: [2])
        #expect(!live.isReady)
        try disk.makeRoom()
        try live.waitUntilReady()
        #expect(try Files.readText(live.subnetFile).contains("FLANNEL_MTU=1450\n"))
    }

    @Test("subnet.env that is removed or overwritten is written again (#2253)")
    func subnetFileLost() throws {
        let live = try LiveNode(config: LiveNode.vxlan, "--iptables-resync=1")
        let text = try Files.readText(live.subnetFile)
        // More than once: what the kernel tells of a new node's links sets off a few passes anyway.
        for _ in 0..<3 {
            try Files.remove(live.subnetFile)
            try live.eventually("it is there again") { (try? Files.readText(live.subnetFile)) == text }
            try Files.replace(live.subnetFile, "FLANNEL_NETWORK=garbage\n".utf8)
            try live.eventually("it says the truth again") { (try? Files.readText(live.subnetFile)) == text }
        }
    }

    static let garbage = [
        "", "{", "null", #"{"leases":7,"own":{"subnet":"10.5.9.0-24","value":"x"}}"#,
        #"{"writtenAt":9223372036854775807,"config":"{}","mac":"ff:ff:ff:ff:ff:ff","remembered":{"10.5.9.0-24":1e99}}"#,
        String(repeating: "[", count: 1_000_000),
    ]

    @Test("Garbage in the state file and in subnet.env is as if neither were there", arguments: garbage.indices)
    func garbageState(_ index: Int) throws {
        let live = try LiveNode()
        try Files.makeDirectories(live.stateDirectory)
        try Files.makeDirectories(live.directory.file("run"))
        try Files.replace(CachedState.path(live.stateDirectory), Self.garbage[index].utf8)
        try Files.replace(live.subnetFile, Self.garbage[index].utf8)
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        let mac = try #require(try live.node.link("flannel.1").mac)
        #expect(!mac.isMulticast)
        let own = try #require(try live.leaseKeys().first { $0 != "10.5.2.0-24" })
        #expect(try live.value("subnets/\(own)")?.contains(mac.description) == true)
        #expect(CachedState(directory: live.stateDirectory).own?.subnet.description == own)
    }

    @Test("A second daemon on the node ends at once and says why; the first goes on")
    func twoDaemons() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2)])
        let second = try live.poplin(["overlay"], ["--healthz-port=0"])
        #expect(second.status == 1)
        #expect(second.standardError.contains("another poplin overlay runs on this node"), "\(second.standardError)")
        #expect(live.isReady)
        // The dead one's name is free.
        try live.stopDaemon(SIGKILL)
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
    }

    @Test("A health port that another program has ends the start, and is named")
    func healthPortTaken() throws {
        let live = try LiveNode()
        try live.startEtcd()
        let output = try live.poplin(["overlay"], ["--healthz-port=2379"])
        #expect(output.status == 1)
        #expect(output.standardError.contains("127.0.0.1:2379"), "\(output.standardError)")
        #expect(output.standardError.contains("in use"), "\(output.standardError)")
    }

    @Test("The service manager hears READY=1 when device, rules and subnet.env stand, and not before")
    func serviceNotification() throws {
        let live = try LiveNode()
        let socket = try NotifySocket(path: live.directory.file("notify"))
        try live.startDaemon(environment: ["NOTIFY_SOCKET": socket.path])
        try live.eventually("it waits for etcd") { try live.status()["store"]?["config"] != nil }
        #expect(socket.receive() == nil)
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        var message: String?
        try live.eventually("READY=1 comes") {
            message = socket.receive()
            return message == "READY=1"
        }
        #expect(live.node.isThere("flannel.1"))
        #expect(Files.exists(live.subnetFile))
        #expect(try live.rules().contains("table inet poplin-overlay"))
        #expect(live.isReady)
        #expect(try live.stopDaemon() == 0)
        var last: String?
        while let more = socket.receive() { last = more }
        #expect(last == "STOPPING=1")
    }

    @Test(
        "SIGTERM at any moment of the start ends the daemon in order, and what it left is taken up again",
        arguments: ["event=\"health served\"", "underlay chosen", "lease held", "device changed", "rules written"])
    func terminatedStart(moment: String) throws {
        let live = try LiveNode()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.startDaemon()
        try live.eventually("the start is at: \(moment)") { live.log.contains(moment) }
        #expect(try live.stopDaemon() == 0)
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        #expect(try live.leaseKeys().count == 2)
    }

    @Test("SIGTERM with a store that takes connections and says nothing ends the daemon at once")
    func terminatedWhileStoreHangs() throws {
        let live = try LiveNode()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.hangEtcd()
        try live.startDaemon()
        try live.eventually("the daemon is up") { live.ask("/healthz")?.isGood == true }
        let start = ContinuousClock.now
        #expect(try live.stopDaemon() == 0)
        #expect(ContinuousClock.now - start < .seconds(5))
        try live.wakeEtcd()
    }
}

/// A file system of 64 KiB in memory, unmounted at the end of the value's life.
final class SmallDisk {
    private let path: String

    init(at path: String) throws {
        try Files.makeDirectories(path)
        try check("mount", path) { mount("none", path, "tmpfs", 0, "size=64k") }
        self.path = path
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    func fill() throws {
        let file = try FileDescriptor.open("\(path)/filling", O_WRONLY | O_CREAT, mode: 0o600)
        let block = [UInt8](repeating: 0, count: 4096)
        while write(file.rawValue, block, block.count) > 0 {}
    }

    func makeRoom() throws { try Files.remove("\(path)/filling") }
}

/// The service manager's end of sd_notify(3).
final class NotifySocket {
    let path: String
    private let socket: FileDescriptor

    init(path: String) throws {
        self.path = path
        socket = FileDescriptor(
            owning: try check("make", path) {
                Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            })
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try check("bind", path) {
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
    }

    /// The next message; nil when there is none.
    func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = recv(socket.rawValue, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }
}
