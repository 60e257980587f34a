internal import Glibc
internal import Linux

/// The programs that a lab runs, by their full paths.
package struct Programs: Sendable {
    package var poplin: String
    package var cni: String
    package var lab: String
    package var etcd: String
    package var etcdctl: String

    /// The names by which a runtime finds poplin-cni.
    static let pluginNames = [
        "poplin", "bridge", "host-local", "static", "portmap", "bandwidth", "firewall", "tuning", "loopback", "flannel",
    ]

    /// Poplin's programs from `directory`, by default the one that POPLIN_PROGRAMS names, or else
    /// the running program's own; etcd from PATH.
    /// - Throws: `LabError` that names all that is missing.
    package init(directory: String? = nil) throws {
        let own = try directory ?? getenv("POPLIN_PROGRAMS").map { String(cString: $0) } ?? Files.programDirectory()
        poplin = "\(own)/poplin"
        cni = "\(own)/poplin-cni"
        lab = "\(own)/poplin-lab"
        let search = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        func find(_ name: String) -> String {
            (search + ["/usr/bin", "/usr/sbin", "/usr/local/bin"]).map { "\($0)/\(name)" }
                .first { Files.isExecutable($0) } ?? name
        }
        etcd = find("etcd")
        etcdctl = find("etcdctl")
        let missing = [poplin, cni, lab, etcd, etcdctl].filter { !Files.isExecutable($0) }
        guard missing.isEmpty else {
            throw LabError("missing programs: \(missing.joined(separator: ", ")); run scripts/setup and scripts/build")
        }
    }
}
