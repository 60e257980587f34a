internal import JSON
internal import YAML

/// What a file says, and what in it does nothing.
package struct ReadConfiguration: Hashable, Sendable {
    package var configuration: ProxyConfiguration
    package var notes: [ConfigurationNote]
}

extension ProxyConfiguration {
    package static let apiVersion = "kubeproxy.config.k8s.io/v1alpha1"
    package static let kind = "KubeProxyConfiguration"
    /// No ConfigMap holds more.
    static let largestFile = 1 << 20

    /// Reads a file, YAML or JSON, as kube-proxy does: keys in their case, unknown and doubled ones noted. Throws
    /// everything that is wrong.
    package static func read(_ bytes: [UInt8]) throws(ConfigurationProblems) -> ReadConfiguration {
        let document: JSONValue
        var reader: ConfigurationReader
        do throws(Violation) {
            if bytes.count > largestFile {
                throw Violation("\(bytes.count) bytes long", "must be at most \(largestFile) bytes")
            }
            (document, reader) = try parse(bytes)
        } catch {
            throw ConfigurationProblems(problems: [error.problem("configuration")])
        }
        reader.read(document)
        let configuration = reader.configuration
        let problems = reader.problems + configuration.brokenRules(without: reader.wrongKeys)
        if !problems.isEmpty { throw ConfigurationProblems(problems: problems) }
        return ReadConfiguration(
            configuration: configuration, notes: reader.allNotes + configuration.withoutEffect())
    }

    private static func parse(_ bytes: [UInt8]) throws(Violation) -> (JSONValue, ConfigurationReader) {
        var reader = ConfigurationReader(lines: KeyLines(bytes))
        // YAML in braces is mostly JSON, which names doubled keys by their path.
        if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{"),
            let value = try? JSONValue.parse(bytes)
        {
            return (value, reader)
        }
        do throws(YAMLError) {
            let document = try YAMLDocument.parse(bytes)
            reader.duplicates(document.duplicateKeys)
            return (document.value, reader)
        } catch {
            throw Violation("", error.description)
        }
    }
}

/// Goes through a document by the table of keys, and collects what is wrong and what does nothing.
struct ConfigurationReader {
    private(set) var configuration = ProxyConfiguration()
    private(set) var problems: [ConfigurationProblem] = []
    /// The keys of which nothing could be taken.
    private(set) var wrongKeys: Set<String> = []
    private var notes: [ConfigurationNote] = []
    /// Notes that have not been taken down: a file of another kind has thousands, and a log should stay readable.
    private var furtherNotes = 0
    private static let mostNotes = 32
    private let lines: KeyLines

    private static let keys = Dictionary(ConfigurationKey.all.map { ($0.path, $0) }) { first, _ in first }
    private static let ignored = Dictionary(IgnoredKey.all.map { ($0.path, $0) }) { first, _ in first }
    private static let sections = Set(
        (ConfigurationKey.all.map(\.path) + IgnoredKey.all.map(\.path)).compactMap { path in
            path.lastIndex(of: ".").map { String(path[..<$0]) }
        })
    private static let header = ["apiVersion": ProxyConfiguration.apiVersion, "kind": ProxyConfiguration.kind]

    init(lines: KeyLines) { self.lines = lines }

    mutating func duplicates(_ sentences: [String]) {
        for sentence in sentences {
            note(ConfigurationNote(.duplicateKey, "configuration", sentence + "; the last one counts"))
        }
    }

    var allNotes: [ConfigurationNote] {
        if furtherNotes == 0 { return notes }
        let text = "\(furtherNotes) more keys are unknown, doubled or ignored"
        return notes + [ConfigurationNote(.unknownKey, "configuration", text)]
    }

    private mutating func note(_ note: @autoclosure () -> ConfigurationNote) {
        if notes.count < Self.mostNotes { notes.append(note()) } else { furtherNotes += 1 }
    }

    mutating func read(_ document: JSONValue) {
        guard let object = document.object else {
            let value = document.isNull ? "empty" : document.kind
            problems.append(
                Violation(value, "must be an object of kind \(ProxyConfiguration.kind)").problem("configuration"))
            return
        }
        for (key, wanted) in Self.header.sorted(by: { $0.key < $1.key }) where object.member(key) != .string(wanted) {
            let value = object.member(key)?.serialized() ?? "missing"
            problems.append(Violation(value, "must be \(wanted)").problem(key))
        }
        // Defaults of others go by it.
        if let address = object.member("bindAddress") {
            try? Self.keys["bindAddress"]?.read(address, &configuration)
            configuration = ProxyConfiguration(bindAddress: configuration.bindAddress)
        }
        read(object, in: "")
    }

    private mutating func read(_ object: JSONObject, in section: String) {
        var seen: Set<String> = []
        for member in object.members {
            let path = section + member.key
            if !seen.insert(member.key).inserted {
                note(ConfigurationNote(.duplicateKey, path, "is there again; the last one counts"))
            }
            read(member.value, at: path, name: member.key)
        }
    }

    private mutating func read(_ value: JSONValue, at path: String, name: String) {
        if let key = Self.keys[path] {
            do throws(Violation) {
                try key.read(value, &configuration)
            } catch {
                problems.append(error.problem(path))
                wrongKeys.insert(path)
            }
        } else if let ignored = Self.ignored[path] {
            if value == ignored.usual || IgnoredKey.saysNothing(value) { return }
            let line = lines[name]
            note(ConfigurationNote(.ignored, path, line: line, "ignored: \(ignored.reason)"))
        } else if Self.sections.contains(path) {
            if value.isNull { return }
            guard let object = value.object else {
                problems.append(Violation(value.serialized(), "must be an object").problem(path))
                return
            }
            read(object, in: path + ".")
        } else if Self.header[path] == nil {
            let line = lines[name]
            note(Self.unknownKey(path, line: line))
        }
    }

    private static func unknownKey(_ path: String, line: Int?) -> ConfigurationNote {
        let nearest = nearestName(to: path, in: keys.keys.sorted()).map { "; \($0) is one" } ?? ""
        return ConfigurationNote(.unknownKey, path, line: line, "unknown key, ignored" + nearest)
    }
}
