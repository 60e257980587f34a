internal import JSON
internal import Linux
internal import YAML

extension Kubeconfig {
    /// Reads a file, in YAML or JSON.
    package init(file: String) throws(KubeconfigError) {
        let document: YAMLDocument
        do {
            document = try YAMLDocument.parse(try Files.read(file, limit: 16 << 20))
        } catch let error as SystemError {
            throw KubeconfigError(error.description)
        } catch {
            throw KubeconfigError("\(file): \(error)")
        }
        try self.init(document.value, file: file)
    }

    /// The configuration that kubectl would use: the file given, else those that KUBECONFIG lists, merged, else
    /// `~/.kube/config`. Of a list, files that are not there are passed over; the file given must be.
    package static func load(_ explicit: String? = nil, environment: [String: String]) throws(KubeconfigError)
        -> Kubeconfig
    {
        if let explicit { return try Kubeconfig(file: explicit) }
        var files = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        if files.isEmpty, let home = environment["HOME"], !home.isEmpty { files = [home + "/.kube/config"] }
        var merged = Kubeconfig()
        var problems: [String] = []
        for file in files where Files.exists(file) {
            do throws(KubeconfigError) {
                merged.merge(try Kubeconfig(file: file))
            } catch {
                problems += error.problems
            }
        }
        if !problems.isEmpty { throw KubeconfigError(problems: problems) }
        return merged
    }
}

extension ClusterAccess {
    /// What flags for a server's URL and for a kubeconfig come to: with neither, the access that a pod has.
    package static func from(
        kubeconfig: String?, server: String? = nil, environment: [String: String],
        serviceAccountDirectory: String = serviceAccountDirectory
    ) throws(KubeconfigError) -> ClusterAccess {
        if kubeconfig == nil && server == nil {
            return try inCluster(environment, directory: serviceAccountDirectory)
        }
        let config = if let kubeconfig { try Kubeconfig(file: kubeconfig) } else { Kubeconfig() }
        return try config.access(server: server)
    }
}
