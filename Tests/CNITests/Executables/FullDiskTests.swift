import JSON
import Lab
import Linux
import TestSupport
import Testing

/// No space, and no write at all, where state is kept.
@Suite(.requiresRoot, .enabled("needs poplin-cni: swift build", { Files.isExecutable(Executable.path) }))
struct FullDiskTests {
    /// Fills the directory's tmpfs but for this many files.
    private static func fill(_ node: borrowing PluginNode, _ directory: String, butFor free: Int) throws {
        try node.shell(
            """
            mkdir \(directory)/filler; i=0
            while touch \(directory)/filler/$i 2>/dev/null; do i=$((i + 1)); done
            for j in $(seq \(free)); do rm -f \(directory)/filler/$((i - j)); done
            """)
    }

    @Test(arguments: ["/run", "/var/lib/cni"], ["known", "index lost", "first"])
    func `without room for files an ADD leaves nothing, and a DEL works`(_ directory: String, _ state: String) throws {
        let limit = "size=1m,nr_inodes=40"
        let node = try PluginNode(
            run: directory == "/run" ? limit : "size=1m", library: directory == "/run" ? "size=1m" : limit)
        let config = try node.poplin()
        var (worked, failed) = (false, false)
        for free in [0, 1, 2, 3, 5, 7, 9, 12] {
            let old = try LabNamespace("pod")
            let new = try LabNamespace("pod")
            try node.shell("rm -rf /run/poplin /var/lib/cni/*")
            if state != "first" { try #require(try node.call("ADD", config, id: "old", namespace: old.path).succeeded) }
            if state == "index lost" { try node.shell("rm -r /run/poplin/cni/host-local") }
            let before = Set(try node.leftovers())
            try Self.fill(node, directory, butFor: free)
            let add = try node.call("ADD", config, id: "new", namespace: new.path)
            if add.succeeded {
                worked = true
            } else {
                failed = true
                #expect(add.code == 5 && add.message.contains("No space left"), "\(add.text)")
                let added = Set(try node.leftovers()).subtracting(before).filter { !$0.hasSuffix("/old:eth0") }
                #expect(added.isEmpty, "\(free) free, \(add.text)")
            }
            for id in ["new", "old"] {
                let del = try node.call("DEL", config, id: id)
                #expect(del.succeeded, "\(free) free, \(id): \(del.text)")
            }
            try node.shell("rm -r \(directory)/filler")
            // What could not be written then is found now.
            for id in ["new", "old"] { #expect(try node.call("DEL", config, id: id).succeeded) }
            #expect(try node.leftovers().isEmpty, "\(free) free")
        }
        #expect(worked && failed)
    }

    @Test func `with too few descriptors a DEL says so, or has removed everything`() throws {
        let node = try PluginNode()
        let config = try node.poplin(["runtimeConfig": ["portMappings": [["hostPort": 8080, "containerPort": 80]]]])
        try Files.replace(node.directory.file("conf"), config.serialized().utf8)
        var (worked, failed) = (false, false)
        for limit in 4...10 {
            let pod = try LabNamespace("pod")
            func call(_ verb: String) throws -> Bool {
                let output = try node.shell(
                    """
                    ulimit -n \(limit)
                    CNI_COMMAND=\(verb) CNI_CONTAINERID=pod CNI_NETNS=\(pod.path) CNI_IFNAME=eth0 CNI_PATH=/x \
                        \(node.plugins)/poplin < \(node.directory.file("conf")) && echo succeeded
                    """)
                return output.hasSuffix("succeeded\n")
            }
            if try call("ADD") { worked = true } else { failed = true }
            if try call("DEL") { #expect(try node.leftovers().isEmpty, "\(limit) descriptors") }
            #expect(try node.call("DEL", config, namespace: pod.path).succeeded)
            #expect(try node.leftovers().isEmpty, "\(limit) descriptors")
        }
        #expect(worked && failed)
    }

    @Test func `where the kernel's settings are read-only an ADD leaves nothing, not even the bridge`() throws {
        let node = try PluginNode()
        let config = try node.poplin()
        let pod = try LabNamespace("pod")
        try node.shell("mount --bind /proc/sys /proc/sys; mount -o remount,ro,bind /proc/sys")
        let add = try node.call("ADD", config, namespace: pod.path)
        #expect(add.code == 5 && add.message.contains("Read-only file system"), "\(add.text)")
        #expect(try node.leftovers().isEmpty)
        #expect(try node.shell("ls /sys/class/net /proc/sys/net/ipv4/conf | grep cni0") == "")
        try node.shell("umount /proc/sys")
        #expect(try node.call("ADD", config, namespace: pod.path).succeeded)
    }

    @Test(arguments: ["/run", "/var/lib/cni"])
    func `a full disk, and one that is read-only`(_ directory: String) throws {
        let node = try PluginNode(run: "size=64k", library: "size=64k")
        let config = try node.poplin(["ipMasq": true])
        let pod = try LabNamespace("pod")
        try #require(try node.call("ADD", config, id: "old", namespace: pod.path).succeeded)
        let other = try LabNamespace("pod")
        for (block, unblock) in [
            ("dd if=/dev/zero of=\(directory)/filler bs=1k", "rm \(directory)/filler"),
            ("mount -o remount,ro \(directory)", "mount -o remount,rw \(directory)"),
        ] {
            let before = try node.leftovers()
            try node.shell(block)
            let add = try node.call("ADD", config, id: "new", namespace: other.path)
            #expect(add.code == 5, "\(add.text)")
            #expect(try node.leftovers() == before)
            // It was never there, so that there is nothing to write.
            let del = try node.call("DEL", config, id: "new")
            #expect(del.succeeded, "\(del.text)")
            try node.shell(unblock)
        }
        #expect(try node.call("DEL", config, id: "old").succeeded)
        #expect(try node.leftovers().isEmpty)
    }
}
