package import JSON

/// A kubeconfig (Kubernetes: "kubeconfig v1"), or several merged into one.
///
/// Entries keep the JSON that they had and the directory that their relative paths count from; they are checked when a
/// context is resolved, so that a broken user of another cluster is no obstacle.
package struct Kubeconfig: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        var value: JSONObject
        /// The file that it is from, for messages.
        var file: String
        var directory: String
    }

    var clusters: [String: Entry] = [:]
    var users: [String: Entry] = [:]
    var contexts: [String: Entry] = [:]
    package var currentContext = ""

    package init() {}

    /// Reads one document. `file` is its path.
    package init(_ document: JSONValue, file: String) throws(KubeconfigError) {
        // An empty file is an empty configuration.
        if document.isNull { return }
        guard let object = document.object else {
            throw KubeconfigError("\(file): \(document.kind) where a kubeconfig should be")
        }
        var problems: [String] = []
        if let kind = object["kind"]?.string, !kind.isEmpty, kind != "Config" {
            problems.append("\(file): kind is \(kind), should be Config")
        }
        if let version = object["apiVersion"]?.string, !version.isEmpty, version != "v1" {
            problems.append("\(file): apiVersion is \(version), should be v1")
        }
        let directory = Self.directory(of: file)
        func entries(_ list: String, _ member: String) -> [String: Entry] {
            guard let value = object[list], !value.isNull else { return [:] }
            guard let items = value.array else {
                problems.append("\(file): \(list) is \(value.kind), should be an array")
                return [:]
            }
            var entries: [String: Entry] = [:]
            for (index, item) in items.enumerated() {
                guard let name = item["name"]?.string, !name.isEmpty else {
                    problems.append("\(file): \(list)[\(index)] has no name")
                    continue
                }
                let content = item[member]?.isNull == false ? item[member] : .object(JSONObject())
                guard let content = content?.object else {
                    problems.append("\(file): \(list) \"\(name)\": \(member) is no object")
                    continue
                }
                // Of two with one name the last counts, as in client-go.
                entries[name] = Entry(value: content, file: file, directory: directory)
            }
            return entries
        }
        clusters = entries("clusters", "cluster")
        users = entries("users", "user")
        contexts = entries("contexts", "context")
        currentContext = object["current-context"]?.string ?? ""
        if !problems.isEmpty { throw KubeconfigError(problems: problems) }
    }

    /// Adds what another file says; what is known already stays as it is.
    package mutating func merge(_ later: Kubeconfig) {
        clusters.merge(later.clusters) { first, _ in first }
        users.merge(later.users) { first, _ in first }
        contexts.merge(later.contexts) { first, _ in first }
        if currentContext.isEmpty { currentContext = later.currentContext }
    }

    private static func directory(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }
}
