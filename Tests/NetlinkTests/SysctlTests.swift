import Lab
import Linux
import TestSupport
import Testing

@Suite("Kernel settings", .requiresRoot)
struct SysctlTests {
    @Test("a setting is written and read in the namespace that the thread is in, and nowhere else")
    func perNamespace() throws {
        let here = try LabNamespace("sysctl")
        let there = try LabNamespace("sysctl")
        let key = "net/ipv4/conf/lo/arp_notify"
        try here.run { try Sysctl.set(key, "1") }
        #expect(try here.run { try Sysctl.read(key) } == "1")
        #expect(try there.run { try Sysctl.read(key) } == "0")
    }

    @Test("a setting that the kernel does not have is an error that names it, unless it is optional")
    func missing() throws {
        let node = try LabNamespace("sysctl")
        try node.run {
            let error = #expect(throws: SystemError.self) { try Sysctl.set("net/ipv4/conf/nowhere/arp_notify", "1") }
            #expect(error?.isNotFound == true && error?.object == "/proc/sys/net/ipv4/conf/nowhere/arp_notify")
            try Sysctl.setIfPresent("net/ipv4/conf/nowhere/arp_notify", "1")
        }
    }

    @Test("a value that the kernel refuses is an error")
    func refused() throws {
        let node = try LabNamespace("sysctl")
        try node.run {
            let error = #expect(throws: SystemError.self) { try Sysctl.set("net/ipv4/conf/lo/arp_notify", "many") }
            #expect(error?.errno == .invalid)
        }
    }
}
