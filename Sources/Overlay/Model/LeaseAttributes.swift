package import JSON
package import NetTypes

/// What a node says about itself in its lease: flannel's value, field for field and in flannel's order.
package struct LeaseAttributes: Hashable, Sendable {
    /// Nil stands for flannel's 0.0.0.0: the node has no IPv4 underlay.
    package var publicIPv4: IPv4Address?
    package var publicIPv6: IPv6Address?
    /// "vxlan", "host-gw"; empty for backends that flannel writes without a type (alloc).
    package var backendType: String
    package var backendData: JSONValue?
    package var backendV6Data: JSONValue?

    package init(
        publicIPv4: IPv4Address?, publicIPv6: IPv6Address? = nil, backendType: String,
        backendData: JSONValue? = nil, backendV6Data: JSONValue? = nil
    ) {
        self.publicIPv4 = publicIPv4
        self.publicIPv6 = publicIPv6
        self.backendType = backendType
        self.backendData = backendData
        self.backendV6Data = backendV6Data
    }

    package func publicAddress(_ family: IPFamily) -> IPAddress? {
        family == .v4 ? publicIPv4.map(IPAddress.v4) : publicIPv6.map(IPAddress.v6)
    }

    package func backendData(_ family: IPFamily) -> JSONValue? { family == .v4 ? backendData : backendV6Data }
}

/// Why a lease's value is of no use: the field, what stands there, and the rule.
package struct LeaseFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    package var field: String
    package var reason: String

    package var description: String { field.isEmpty ? reason : "\(field): \(reason)" }
}

extension LeaseAttributes {
    /// Reads the value as Go does: keys in any case, unknown ones skipped, null as absent.
    package init(json text: some Sequence<UInt8>) throws(LeaseFormatError) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue.parse(text)
        } catch {
            throw LeaseFormatError(field: "", reason: error.description)
        }
        guard let object = document.object else {
            throw LeaseFormatError(field: "", reason: "\(document.kind) where an object should be")
        }
        let v4 = try Self.text(object, "PublicIP")
        let v6 = try Self.text(object, "PublicIPv6")
        let address4 = v4.flatMap { IPv4Address($0) }
        let address6 = v6.flatMap { IPv6Address($0) }
        if let v4, address4 == nil { throw LeaseFormatError(field: "PublicIP", reason: "\"\(v4)\" is no IPv4 address") }
        if let v6, address6 == nil {
            throw LeaseFormatError(field: "PublicIPv6", reason: "\"\(v6)\" is no IPv6 address")
        }
        self.init(
            publicIPv4: address4?.rawValue == 0 ? nil : address4,
            publicIPv6: address6?.rawValue == 0 ? nil : address6,
            backendType: try Self.text(object, "BackendType") ?? "",
            backendData: Self.present(object["BackendData"]),
            backendV6Data: Self.present(object["BackendV6Data"]))
    }

    private static func text(_ object: JSONObject, _ key: String) throws(LeaseFormatError) -> String? {
        guard let value = present(object[key]) else { return nil }
        guard let text = value.string else {
            throw LeaseFormatError(field: key, reason: "\(value.kind) where a string should be")
        }
        return text
    }

    private static func present(_ value: JSONValue?) -> JSONValue? { value?.isNull == true ? nil : value }

    /// Compact JSON in the order of flannel's Go struct, with its empty fields left out, so that the bytes are the same.
    package var json: String {
        var object = JSONObject()
        object["PublicIP"] = .string((publicIPv4 ?? IPv4Address(rawValue: 0)).description)
        object["PublicIPv6"] = publicIPv6.map { .string($0.description) } ?? .null
        if !backendType.isEmpty { object["BackendType"] = .string(backendType) }
        object["BackendData"] = backendData
        object["BackendV6Data"] = backendV6Data
        return JSONValue.object(object).serialized()
    }
}
