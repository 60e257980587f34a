import JSON

@testable import ControlPlane

/// Addresses and ports of Services, as the history has them: never given twice, and written with their Service or not at
/// all.
enum ServiceAddresses {
    static func problems(_ history: History) -> [String] {
        var problems: [String] = []
        var owners: [String: String] = [:]
        var held: [String: [String]] = [:]
        for change in history.byStorage[.services] ?? [] {
            for name in held.removeValue(forKey: change.key) ?? [] { owners[name] = nil }
            guard let after = change.after, let object = try? JSONValue.parse(after.bytes) else { continue }
            var names = object.texts("spec", "clusterIPs").filter { $0 != "None" }
            names += object.list("spec", "ports").map { $0.integer("nodePort") }.filter { $0 > 0 }.map { "port \($0)" }
            for name in names {
                if let owner = owners[name] {
                    problems.append("\(name) is given to \(change.key) at \(change.revision), and \(owner) has it")
                }
                owners[name] = change.key
            }
            held[change.key] = names
        }
        let recorded = Set(
            history.current.keys.compactMap { key in
                StoragePrefix.split(key).flatMap { $0.storage.rawValue == "ipaddresses" ? $0.path : nil }
            })
        let used = Set(owners.keys.filter { !$0.hasPrefix("port ") })
        if recorded != used {
            problems.append("Services without records: \(used.subtracting(recorded)); \(recorded.subtracting(used))")
        }
        return problems
    }
}
