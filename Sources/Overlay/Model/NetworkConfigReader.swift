internal import JSON
internal import NetTypes

extension NetworkConfig {
    /// Reads flannel's network configuration. Keys in any case, unknown ones skipped, null as absent, as in Go.
    /// Throws every violation there is, not the first.
    package init(json text: some Sequence<UInt8>, subnets: SubnetOrigin = .chosen) throws(ConfigProblems) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue.parse(text)
        } catch {
            throw ConfigProblems([ConfigProblem("network configuration", "", error.description)])
        }
        guard let object = document.object else {
            throw ConfigProblems([ConfigProblem("network configuration", document.kind, "must be an object")])
        }
        var fields = ConfigFields(object)
        let hasV4 = fields.bool("EnableIPv4") ?? true
        let hasV6 = fields.bool("EnableIPv6") ?? false
        // Rules are native nf_tables always, so this switch of flannel's is only checked for its type.
        _ = fields.bool("EnableNFTables")
        if !hasV4 && !hasV6 {
            fields.report("EnableIPv4", "false", "one of EnableIPv4 and EnableIPv6 must be true")
        }
        let v4 = hasV4 ? fields.pool(.v4, subnets) : nil
        let v6 = hasV6 ? fields.pool(.v6, subnets) : nil
        let backend = fields.backend(hasV6: hasV6)
        guard fields.problems.isEmpty, let backend else { throw ConfigProblems(fields.problems) }
        self.init(v4: v4, v6: v6, backend: backend)
    }
}

/// Typed reads of one JSON object that collect what is wrong.
struct ConfigFields {
    let object: JSONObject
    /// Where the object is in the document, for messages: "Backend.".
    let path: String
    private(set) var problems: [ConfigProblem] = []

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    mutating func report(_ key: String, _ value: String, _ reason: String) {
        problems.append(ConfigProblem(path + key, value, reason))
    }

    mutating func take(_ other: ConfigFields) { problems += other.problems }

    func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    mutating func bool(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if value.bool == nil { report(key, value.serialized(), "must be true or false") }
        return value.bool
    }

    mutating func string(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        if value.string == nil { report(key, value.serialized(), "must be a string") }
        return value.string
    }

    mutating func integer(_ key: String, _ range: ClosedRange<Int>, _ reason: String) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.int, range.contains(number) else {
            report(key, value.serialized(), reason)
            return nil
        }
        return number
    }

    mutating func address(_ key: String, _ family: IPFamily) -> IPAddress? {
        guard let text = string(key), !text.isEmpty else { return nil }
        guard let address = IPAddress(text), address.family == family else {
            report(key, quoted(text), "must be an IP\(family) address")
            return nil
        }
        return address.isUnspecified ? nil : address
    }

    mutating func network(_ key: String, _ family: IPFamily) -> CIDR? {
        guard let text = string(key), !text.isEmpty else {
            if value(key)?.string?.isEmpty ?? true { report(key, "", "missing; IP\(family) needs a network") }
            return nil
        }
        guard let network = CIDR(text), network.family == family else {
            report(
                key, quoted(text),
                "must be an IP\(family) network such as \(family == .v4 ? "10.5.0.0/16" : "fd00:10:5::/48")")
            return nil
        }
        return network.network
    }

    func quoted(_ text: String) -> String { JSONValue.string(text).serialized() }
}
