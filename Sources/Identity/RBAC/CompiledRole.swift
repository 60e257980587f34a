/// A role's rules, arranged so that a request meets only those that name its resource.
struct CompiledRole {
    let rules: [PolicyRule]
    private var resourceRules: [ResourceRule] = []
    /// Indices into `resourceRules` by `pods`, `pods/log`.
    private var byResource: [String: [Int]] = [:]
    /// Those for `*/scale`, by `scale`.
    private var bySubresource: [String: [Int]] = [:]
    /// Those for `*`.
    private var forAll: [Int] = []
    private var pathRules: [PathRule] = []

    private struct ResourceRule {
        let verbs: VerbSet
        let apiGroups: [String]
        let isForAllGroups: Bool
        let names: [String]

        func allows(_ request: AccessRequest, _ verb: VerbSet.Verb) -> Bool {
            verbs.contains(verb) && (isForAllGroups || apiGroups.contains(request.apiGroup))
                && (names.isEmpty || names.contains(request.name))
        }
    }

    private struct PathRule {
        let verbs: VerbSet
        let paths: [String]
    }

    init(_ rules: [PolicyRule]) {
        self.rules = rules
        for rule in rules {
            let verbs = VerbSet(rule.verbs)
            if !rule.nonResourceURLs.isEmpty { pathRules.append(PathRule(verbs: verbs, paths: rule.nonResourceURLs)) }
            if rule.resources.isEmpty { continue }
            let index = resourceRules.count
            resourceRules.append(
                ResourceRule(
                    verbs: verbs, apiGroups: rule.apiGroups, isForAllGroups: rule.apiGroups.contains("*"),
                    names: rule.resourceNames))
            for resource in rule.resources {
                if resource == "*" {
                    forAll.append(index)
                } else if resource.hasPrefix("*/") {
                    bySubresource[String(resource.dropFirst(2)), default: []].append(index)
                } else {
                    byResource[resource, default: []].append(index)
                }
            }
        }
    }

    func allows(_ request: AccessRequest, _ verb: VerbSet.Verb) -> Bool {
        if case .path(let path) = request.target {
            return pathRules.contains { rule in
                rule.verbs.contains(verb) && rule.paths.contains { Self.matches(path, $0) }
            }
        }
        for index in forAll where resourceRules[index].allows(request, verb) { return true }
        if let indices = byResource[request.combinedResource] {
            for index in indices where resourceRules[index].allows(request, verb) { return true }
        }
        if !request.subresource.isEmpty, let indices = bySubresource[request.subresource] {
            for index in indices where resourceRules[index].allows(request, verb) { return true }
        }
        return false
    }

    static func matches(_ path: String, _ pattern: String) -> Bool {
        if pattern == "*" || pattern == path { return true }
        guard pattern.hasSuffix("*") else { return false }
        var prefix = pattern[...]
        while prefix.hasSuffix("*") { prefix = prefix.dropLast() }
        return path.hasPrefix(prefix)
    }
}

/// Verbs as bits where they are the usual ones.
struct VerbSet {
    enum Verb {
        case usual(UInt16)
        case other(String)

        init(_ word: String) {
            let bit: UInt16 =
                switch word {
                case "get": 1
                case "list": 2
                case "watch": 4
                case "create": 8
                case "update": 16
                case "patch": 32
                case "delete": 64
                case "deletecollection": 128
                default: 0
                }
            self = bit == 0 ? .other(word) : .usual(bit)
        }
    }

    private var bits: UInt16 = 0
    private var others: [String] = []
    private var isAll = false

    init(_ words: [String]) {
        for word in words {
            if word == "*" { isAll = true }
            switch Verb(word) {
            case .usual(let bit): bits |= bit
            case .other(let word): others.append(word)
            }
        }
    }

    func contains(_ verb: Verb) -> Bool {
        if isAll { return true }
        return switch verb {
        case .usual(let bit): bits & bit != 0
        case .other(let word): others.contains(word)
        }
    }
}
