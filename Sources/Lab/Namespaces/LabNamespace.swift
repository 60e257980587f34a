internal import Glibc
package import Linux

/// A network namespace of the laboratory, with a name under /run/netns so that `ip netns exec NAME` sees it too.
///
/// The name begins with `poplin-` and is unique. The end of the value's life ends the processes inside and takes the
/// name away; what a killed program left is taken away when the next one makes a namespace (`sweep`).
package struct LabNamespace: ~Copyable, Sendable {
    package let name: String
    package let namespace: NetworkNamespace

    package static let directory = "/run/netns"
    package var path: String { namespace.path }

    /// Makes a namespace named `poplin-tmp-PURPOSE-PID-NUMBER` with its loopback up.
    package init(_ purpose: String = "test") throws {
        Self.sweep()
        let number = Self.counter.next()
        try self.init(name: "poplin-tmp-\(purpose)-\(getpid())-\(number)")
    }

    /// Makes a namespace of exactly this name, with its loopback up. `errno` is `.exists` if the name is taken.
    package init(name: String) throws {
        self.name = name
        self.namespace = try NetworkNamespace.create(named: name)
    }

    deinit { NetworkNamespace.destroy(named: name) }

    /// Runs the body with the calling thread inside; see `NetworkNamespace.run`.
    package func run<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result { try namespace.run(body) }

    private static let counter = UniqueNumber()

    /// Takes away the namespaces whose maker (the process id in the name) no longer lives.
    package static func sweep() {
        for name in (try? Files.list(directory)) ?? [] where name.hasPrefix("poplin-tmp-") {
            let parts = name.split(separator: "-")
            guard parts.count >= 5, let pid = pid_t(parts[parts.count - 2]),
                kill(pid, 0) != 0, Errno.last == .noSuchProcess
            else { continue }
            NetworkNamespace.destroy(named: name)
        }
    }
}
