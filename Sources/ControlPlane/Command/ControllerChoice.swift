/// Which of the controllers run, as `--controllers` says: `*` for the usual ones, a name for one that runs in any case,
/// `-name` for one that does not.
package struct ControllerChoice: Hashable, Sendable {
    /// Those that can be left to a kube-controller-manager, or run beside one because somebody wants it so.
    package static let names: Set<String> = [
        "csrapproving", "csrcleaner", "csrsigning", "endpoints", "endpointslice", "endpointslicemirroring", "nodeipam",
        "nodetaint", "root-ca-publisher", "serviceaccount", "serviceaccount-token", "storageprotection",
    ]

    package var always: Set<String> = []
    package var never: Set<String> = []

    package init() {}

    /// Adds what is wrong with the words to the problems.
    init(_ words: [String], _ problems: inout [String]) {
        for word in words where word != "*" {
            let isOff = word.hasPrefix("-")
            let name = String(isOff ? word.dropFirst() : word[...])
            guard Self.names.contains(name) else {
                problems.append(
                    "-controllers: there is no \"\(name)\"; there are \(Self.names.sorted().joined(separator: ", "))")
                continue
            }
            if isOff { never.insert(name) } else { always.insert(name) }
        }
        for name in always.intersection(never).sorted() {
            problems.append("-controllers: \"\(name)\" is both wanted and not")
        }
    }
}
