internal import HTTP
internal import JSON
internal import NetTypes

extension ConfigurationForm where Value == IPAddress {
    static let address = ConfigurationForm(
        read: { value throws(Violation) in
            let rule = "must be an IP address, without port and brackets"
            guard let text = try value.nonEmptyText(rule) else { return nil }
            guard let address = IPAddress(text) else { throw Violation(text: text, rule) }
            return address
        },
        write: { .string("\($0)") })
}

extension ConfigurationForm where Value == ListenAddress? {
    /// An address without a port gets this one. An empty text in a file is the default, as kubeadm writes it, so that
    /// "no such server" is port 0 there; as a flag's value it is the empty text.
    static func server(_ port: UInt16) -> ConfigurationForm {
        ConfigurationForm(
            read: { value throws(Violation) in
                let rule = "must be IP:port or [IPv6]:port, or have port 0 for no such server"
                guard let text = try value.nonEmptyText(rule) else { return nil }
                if let address = IPAddress(text) { return .some(ListenAddress(address, port: port)) }
                guard let address = ListenAddress(text) else { throw Violation(text: text, rule) }
                return .some(address.port == 0 ? nil : address)
            },
            write: { .string($0.map { "\($0)" } ?? noServer) },
            lift: { .string($0.isEmpty ? noServer : $0) })
    }

    private static var noServer: String { "0.0.0.0:0" }
}

extension ConfigurationForm where Value == [CIDR] {
    /// In one string with a comma between.
    static let onePerFamily = ConfigurationForm(
        read: { value throws(Violation) in
            let rule = "must be a CIDR, or one of each family: 10.244.0.0/16,fd00:10:244::/56"
            guard let text = try value.nonEmptyText(rule) else { return nil }
            var found: [CIDR] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let cidr = CIDR(String(part.filter { $0 != " " })),
                    !found.contains(where: { $0.family == cidr.family })
                else { throw Violation(text: text, rule) }
                found.append(cidr)
            }
            return found
        },
        write: { .string($0.map { "\($0)" }.joined(separator: ",")) })
}

extension ConfigurationForm where Value == [NodePortAddress] {
    static let nodePortAddresses = ConfigurationForm(
        read: { value throws(Violation) in
            let rule = "must be a CIDR, or \"primary\", \"localhost\" or \"all\""
            guard let list = value.array else { throw Violation(value.serialized(), "must be a list") }
            var found: [NodePortAddress] = []
            for (index, element) in list.enumerated() {
                guard let address = element.string.flatMap(NodePortAddress.init) else {
                    throw Violation(place: "[\(index)]", element.serialized(), rule)
                }
                found.append(address)
            }
            return found
        },
        write: { .array($0.map { .string("\($0)") }) },
        lift: { text in
            .array(text.split(separator: ",").map { .string(String($0.filter { $0 != " " })) })
        })
}

extension ConfigurationForm where Value == String {
    /// A name that a link can have (IFNAMSIZ is 16 with the zero at its end; dev_valid_name in net/core/dev.c).
    static let interfaceName = text("must be at most 15 bytes, without slash, colon and space") { name in
        name.utf8.count <= 15 && name != "." && name != ".."
            && name.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") && $0 != 0x7F }
    }

    /// As kube-proxy uses it: without space around it, in small letters.
    static let hostname = ConfigurationForm(
        read: { value throws(Violation) in
            guard let text = try value.nonEmptyText("must be a string") else { return nil }
            let words = text.split(whereSeparator: \.isWhitespace)
            guard words.count == 1, let name = words.first else {
                throw Violation(text: text, "must be a node's name, or empty for the host's")
            }
            return name.lowercased()
        },
        write: { .string($0) })

    static let minorVersion = text("must be a version such as 1.35") { text in
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}

extension ConfigurationForm where Value == ProxyMode {
    static let mode = ConfigurationForm(
        read: { value throws(Violation) in
            guard let text = value.string else { throw Violation(value.serialized(), "must be a string") }
            return try ProxyMode(configurationText: text)
        },
        write: { .string($0.configurationText) })
}

extension ConfigurationForm where Value == [String: Bool] {
    /// An object in a file; `A=true,B=false` as a flag.
    static let featureGates = ConfigurationForm(
        read: { value throws(Violation) in
            guard let object = value.object else {
                throw Violation(value.serialized(), "must have the value true or false for each name")
            }
            var gates: [String: Bool] = [:]
            for member in object.members {
                guard let isOn = member.value.bool else {
                    throw Violation(place: "." + member.key, member.value.serialized(), "must be true or false")
                }
                gates[member.key] = isOn
            }
            return gates
        },
        write: { gates in .object(JSONObject(gates.sorted { $0.key < $1.key }.map { ($0.key, .bool($0.value)) })) },
        lift: { text in
            let pairs = text.split(separator: ",").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count == 2 ? String(parts[1].filter { $0 != " " }) : ""
                let isOn: JSONValue =
                    switch value {
                    case "1", "t", "T", "true", "TRUE", "True": true
                    case "0", "f", "F", "false", "FALSE", "False": false
                    default: .string(value)
                    }
                return (String(parts[0].filter { $0 != " " }), isOn)
            }
            return .object(JSONObject(pairs))
        })
}
