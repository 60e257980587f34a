import JSON

@testable import ControlPlane

/// What a watch or a list asks for, and the tests' own idea of which objects that means.
struct Selection: Hashable, CustomStringConvertible {
    enum Labels: Hashable {
        case any
        case equals(String, String)
        case differs(String, String)
        case among(String, [String])
        case absent(String)
    }

    enum Fields: Hashable {
        case any
        case equals(String, String)
        case differs(String, String)
    }

    var storage: StoragePrefix
    /// Empty for all.
    var namespace = ""
    var labels = Labels.any
    var fields = Fields.any
    /// How the client wants to be told.
    var form = WatchForm.json

    var labelSelector: String {
        switch labels {
        case .any: ""
        case .equals(let key, let value): "\(key)=\(value)"
        case .differs(let key, let value): "\(key)!=\(value)"
        case .among(let key, let values): "\(key) in (\(values.joined(separator: ",")))"
        case .absent(let key): "!\(key)"
        }
    }

    var fieldSelector: String {
        switch fields {
        case .any: ""
        case .equals(let path, let value): "\(path)=\(value)"
        case .differs(let path, let value): "\(path)!=\(value)"
        }
    }

    var description: String {
        "\(storage) in \"\(namespace)\" labels \"\(labelSelector)\" fields \"\(fieldSelector)\" as \(form)"
    }

    /// Every path that a selection of a test can name.
    static let fieldPaths = ["metadata.name", "status.phase", "spec.schedulerName", "spec.type", "type"]

    func selects(_ version: History.Version) -> Bool {
        guard namespace.isEmpty || version.path.hasPrefix(namespace + "/") else { return false }
        switch labels {
        case .any: break
        case .equals(let key, let value): if version.labels[key] != value { return false }
        case .differs(let key, let value): if version.labels[key] == value { return false }
        case .among(let key, let values):
            guard let label = version.labels[key], values.contains(label) else { return false }
        case .absent(let key): if version.labels[key] != nil { return false }
        }
        switch fields {
        case .any: return true
        case .equals(let path, let value): return version.fields[path, default: ""] == value
        case .differs(let path, let value): return version.fields[path, default: ""] != value
        }
    }
}
