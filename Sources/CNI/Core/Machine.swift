package import Linux

/// The node as the plugins of one process see it: directories for state, and handles that are opened when they are
/// first used and shared by all plugins of the chain.
package final class Machine {
    /// What all CNI plugins of a node keep over a reboot; ours in `poplin` below it, the reference plugins' where they
    /// have it.
    package let libraryDirectory: String
    /// State that must not outlive a boot (a tmpfs).
    package let runDirectory: String

    /// How long to wait for another process's lock before the answer is "try again later".
    package let lockTimeoutMilliseconds: Int
    /// How long a plugin of others may take.
    package let delegateTimeoutMilliseconds: Int

    /// The node's own kernel tables.
    package let kernel: Kernel

    private var openNamespaces: [ContainerNamespace] = []

    package init(
        libraryDirectory: String = "/var/lib/cni", runDirectory: String = "/run/poplin/cni",
        lockTimeoutMilliseconds: Int = 10_000, delegateTimeoutMilliseconds: Int = 120_000
    ) {
        self.libraryDirectory = libraryDirectory
        self.runDirectory = runDirectory
        kernel = Kernel(layoutLock: "\(runDirectory)/lock", lockTimeoutMilliseconds: lockTimeoutMilliseconds)
        self.lockTimeoutMilliseconds = lockTimeoutMilliseconds
        self.delegateTimeoutMilliseconds = delegateTimeoutMilliseconds
    }

    package var stateDirectory: String { "\(libraryDirectory)/poplin" }
    /// Where libcni, in the runtime, keeps the results of the attachments that it knows.
    package var runtimeCacheDirectory: String { "\(libraryDirectory)/results" }
    /// host-local's `dataDir`, when the configuration names none.
    package var networksDirectory: String { "\(libraryDirectory)/networks" }
    /// flannel's `dataDir`, when the configuration names none.
    package var flannelDirectory: String { "\(libraryDirectory)/flannel" }

    /// Opens the namespace with this path, or returns the handle that is open already.
    func namespace(_ path: String) throws(CNIError) -> ContainerNamespace {
        if let open = openNamespaces.first(where: { $0.path == path }) { return open }
        do {
            let namespace = ContainerNamespace(try NetworkNamespace(path: path))
            openNamespaces.append(namespace)
            return namespace
        } catch {
            throw CNIError(.invalidNamespace, "failed to open netns \"\(path)\": \(error.errno)", details: "\(error)")
        }
    }
}

/// The network namespace of a container, shared by the plugins of a chain.
package final class ContainerNamespace {
    package let namespace: NetworkNamespace

    init(_ namespace: consuming NetworkNamespace) { self.namespace = namespace }

    package var path: String { namespace.path }
}
