/// Where things of a lab are on the machine.
struct Paths {
    static let base = "/run/poplin-lab"
    let name: String

    init(_ name: String) { self.name = name }

    /// A tmpfs of the lab's own; all of the lab's files are in it.
    var directory: String { "\(Self.base)/\(name)" }
    var state: String { "\(directory)/state.json" }
    /// The prefix of every namespace name of this lab.
    var prefix: String { "poplin-\(name)-" }

    func namespace(_ host: String) -> String { "\(LabNamespace.directory)/\(namespaceName(host))" }
    func namespaceName(_ host: String) -> String { prefix + host }
    func podNamespace(_ pod: String) -> String { "\(LabNamespace.directory)/\(podNamespaceName(pod))" }
    func podNamespaceName(_ pod: String) -> String { "\(prefix)pod-\(pod)" }

    func node(_ node: String) -> String { "\(directory)/\(node)" }
    func mounts(_ node: String) -> String { "\(directory)/\(node).mounts" }
    func log(_ role: String) -> String { "\(directory)/\(role.split(separator: "/").joined(separator: "-")).log" }
}
