import CNI
import JSON
import Lab
import Linux
import NetTypes
import TestSupport
import Testing

/// The ways in which addresses were lost for ever: crashes, reboots, DELs that never came.
@Suite struct HostLocalLeakTests {
    @Test(arguments: ["", "\n", "\u{0}\u{0}\u{0}\u{0}"])
    func `a reservation file that a crash left empty is free`(contents: String) throws {
        let node = try TestNode()
        try node.put("10.1.0.2", contents)
        #expect(node.hostLocal("ADD").addresses == ["10.1.0.2/29"])
        #expect(try Files.readText(node.file("10.1.0.2")) == "pod1\r\neth0")
    }

    @Test func `an empty file that appears later is free too`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "a").succeeded)
        try node.put("10.1.0.3", "")
        #expect(node.hostLocal("ADD", id: "b").addresses == ["10.1.0.3/29"])
    }

    @Test func `a draft that a crash left behind disturbs nobody`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "a").succeeded)
        // The crash came between the link and the removal of the draft: both names are one file.
        try Files.link(node.file("10.1.0.2"), as: node.file(".poplin-draft"))
        #expect(node.hostLocal("ADD", id: "b").succeeded)
        #expect(try Files.readText(node.file("10.1.0.2")) == "a\r\neth0")
        #expect(!Files.exists(node.file(".poplin-draft")))
    }

    /// Makes the directory look as if the last to work on it had done so in another boot.
    static func reboot(_ node: borrowing TestNode) throws {
        let bootFiles = "\(node.directory.path)/lib/poplin/host-local"
        let earlier = "00000000-1111-2222-3333-444444444444"
        for name in try Files.list(bootFiles) { try Files.replace("\(bootFiles)/\(name)", Array(earlier.utf8)) }
        let stamp = Digest.fnv1a(earlier.utf8)
        let directory = "\(node.dataDirectory)/net"
        try Files.setModified(directory, seconds: 1_700_000_000, nanoseconds: Int(stamp % 1_000_000_000))
        try Files.removeTree(node.directory.file("run"))
    }

    @Test func `reservations from before a reboot are gone with the first call after it`() throws {
        let node = try TestNode()
        for id in ["a", "b", "c"] { #expect(node.hostLocal("ADD", id: id).succeeded) }
        try Self.reboot(node)
        #expect(node.hostLocal("ADD", id: "d").addresses == ["10.1.0.5/29"])
        #expect(node.reservations == ["10.1.0.5"])
        // A late DEL of a container from before finds nothing, and takes nothing from its successor.
        #expect(node.hostLocal("DEL", id: "a").succeeded)
        #expect(node.reservations == ["10.1.0.5"])
    }

    @Test func `when another plugin was here after the reboot nothing is assumed`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "a").succeeded)
        try Self.reboot(node)
        try node.put("10.1.0.3", "new\r\neth0")
        #expect(node.hostLocal("ADD", id: "b").succeeded)
        #expect(node.reservations == ["10.1.0.2", "10.1.0.3", "10.1.0.4"])
    }

    // A tmpfs that was full, or a kill, in the middle of making the index anew.
    @Test func `an index that was cut short hides no reservation`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "pod1").succeeded)
        let indexes = node.directory.file("run/host-local")
        let index = try Files.list(indexes).first ?? ""
        try Files.removeTree(indexes)
        // Where the index should be, nothing can be made.
        try Files.replace(indexes, [])
        #expect(node.hostLocal("ADD", id: "pod2").code == 5)
        try Files.remove(indexes)
        try Files.makeDirectories("\(indexes)/\(index)")
        #expect(node.hostLocal("DEL", id: "pod1").succeeded)
        #expect(node.reservations.isEmpty)
    }

    @Test func `an address is freed also where no index can be made`() throws {
        let node = try TestNode()
        for id in ["pod1", "pod2"] { #expect(node.hostLocal("ADD", id: id).succeeded) }
        let indexes = node.directory.file("run/host-local")
        try Files.removeTree(indexes)
        try Files.replace(indexes, [])
        let answer = node.hostLocal("DEL", id: "pod1")
        #expect(answer.succeeded, "\(answer.text)")
        #expect(node.reservations == ["10.1.0.3"])
        try Files.remove(indexes)
        #expect(node.hostLocal("DEL", id: "pod2").succeeded)
        #expect(node.reservations.isEmpty)
    }

    @Test func `losing the index costs one scan and no reservation`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "a").succeeded)
        try Files.removeTree(node.directory.file("run"))
        #expect(!node.hostLocal("ADD", id: "a").succeeded)
        #expect(node.hostLocal("ADD", id: "b").addresses == ["10.1.0.3/29"])
        try Files.removeTree(node.directory.file("run"))
        #expect(node.hostLocal("DEL", id: "a").succeeded)
        #expect(node.reservations == ["10.1.0.3"])
    }

    @Test(.requiresRoot) func `a full pool is cleared of containers whose namespace is gone`() throws {
        let node = try TestNode()
        let change: (inout HostLocalNetwork) -> Void = { $0.ipam = #""subnet": "10.1.0.0/29""# }
        let alive = try LabNamespace("cni")
        do {
            let dying = try LabNamespace("cni")
            for number in 1...4 {
                #expect(node.hostLocal("ADD", id: "dead\(number)", namespace: dying.path, change).succeeded)
            }
            #expect(node.hostLocal("ADD", id: "alive", namespace: alive.path, change).succeeded)
            #expect(node.hostLocal("ADD", id: "early", namespace: alive.path, change).code == 11)
        }
        #expect(node.hostLocal("STATUS", change).succeeded)
        #expect(node.hostLocal("ADD", id: "late", namespace: alive.path, change).succeeded)
        #expect(node.reservations.count == 2)
        #expect(node.hostLocal("CHECK", id: "alive", change).succeeded)
    }

    @Test func `for what the reference plugin reserved, the runtime's cache tells who is gone`() throws {
        let node = try TestNode()
        try node.put("10.1.0.2", "gone\r\neth0")
        try Files.makeDirectories(node.directory.file("lib/results"))
        let cached = #"{"kind": "cniCacheV1", "containerId": "gone", "netns": "/run/netns/no-such"}"#
        try Files.replace(node.directory.file("lib/results/net-gone-eth0"), Array(cached.utf8))
        let change: (inout HostLocalNetwork) -> Void = { $0.ipam = #""subnet": "10.1.0.0/30""# }
        #expect(node.hostLocal("ADD", id: "new", change).addresses == ["10.1.0.2/30"])
        // Of the others nothing is known: they stay.
        #expect(node.hostLocal("ADD", id: "newer", change).code == 11)
    }
}
