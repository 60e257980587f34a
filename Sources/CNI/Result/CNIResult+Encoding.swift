package import JSON
internal import NetTypes

extension CNIResult {
    /// The result in the form of a version. A result without an address has no form before 0.3.0: code 1.
    package func json(version: SpecVersion) throws(CNIError) -> JSONValue {
        version < .v030 ? try legacyJSON(version) : listJSON(version)
    }

    /// 0.3.0 and later: lists. Before 1.0.0 each address names its family and `dns` is always there.
    private func listJSON(_ version: SpecVersion) -> JSONValue {
        let isModern = version >= .v100
        var object = JSONObject([("cniVersion", .string(version.rawValue))])
        if !interfaces.isEmpty { object["interfaces"] = .array(interfaces.map { $0.json(isModern: isModern) }) }
        if !ips.isEmpty { object["ips"] = .array(ips.map { $0.json(isModern: isModern) }) }
        if !routes.isEmpty { object["routes"] = .array(routes.map { $0.json(isModern: isModern) }) }
        if !isModern || !dns.isEmpty { object["dns"] = dns.json }
        return .object(object)
    }

    /// 0.1.0 and 0.2.0: one address of each family, with the routes of that family.
    private func legacyJSON(_ version: SpecVersion) throws(CNIError) -> JSONValue {
        var object = JSONObject([("cniVersion", .string(version.rawValue))])
        for (key, family) in [("ip4", IPFamily.v4), ("ip6", .v6)] {
            guard let ip = ips.first(where: { $0.address.family == family }) else { continue }
            var part = JSONObject([("ip", .string("\(ip.address)"))])
            if let gateway = ip.gateway { part["gateway"] = .string("\(gateway)") }
            let own = routes.filter { $0.destination.family == family }
            if !own.isEmpty { part["routes"] = .array(own.map { $0.json(isModern: false) }) }
            object[key] = .object(part)
        }
        if ips.isEmpty {
            throw CNIError(
                .incompatibleVersion, "cannot convert: no valid IP addresses",
                details: "a result of CNI \(version.rawValue) must have an address; use cniVersion 0.3.0 or later")
        }
        object["dns"] = dns.json
        return .object(object)
    }
}

extension JSONObject {
    /// Go's `omitempty`.
    fileprivate mutating func set(_ key: String, unlessEmpty text: String) {
        if !text.isEmpty { self[key] = .string(text) }
    }

    fileprivate mutating func set(_ key: String, unlessNil number: Int?) {
        if let number { self[key] = .number(JSONNumber(number)) }
    }

    fileprivate mutating func set(_ key: String, unlessEmpty list: [String]) {
        if !list.isEmpty { self[key] = .array(list.map { .string($0) }) }
    }
}

extension CNIResult.Interface {
    fileprivate func json(isModern: Bool) -> JSONValue {
        var object = JSONObject([("name", .string(name))])
        object.set("mac", unlessEmpty: mac)
        if isModern { object.set("mtu", unlessNil: mtu) }
        object.set("sandbox", unlessEmpty: sandbox)
        if isModern {
            object.set("socketPath", unlessEmpty: socketPath)
            object.set("pciID", unlessEmpty: pciID)
        }
        return .object(object)
    }
}

extension CNIResult.IP {
    fileprivate func json(isModern: Bool) -> JSONValue {
        var object = JSONObject()
        if !isModern { object["version"] = address.family == .v4 ? "4" : "6" }
        object.set("interface", unlessNil: interface)
        object["address"] = .string("\(address)")
        if let gateway { object["gateway"] = .string("\(gateway)") }
        return .object(object)
    }
}

extension CNIResult.Route {
    fileprivate func json(isModern: Bool) -> JSONValue {
        var object = JSONObject([("dst", .string("\(destination)"))])
        if let gateway { object["gw"] = .string("\(gateway)") }
        if isModern {
            object.set("mtu", unlessNil: mtu.map { Int($0) })
            object.set("advmss", unlessNil: advertisedMSS.map { Int($0) })
            object.set("priority", unlessNil: priority.map { Int($0) })
            object.set("table", unlessNil: table.map { Int($0) })
            object.set("scope", unlessNil: scope.map { Int($0) })
        }
        return .object(object)
    }
}

extension CNIResult.DNS {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("nameservers", unlessEmpty: nameservers)
        object.set("domain", unlessEmpty: domain)
        object.set("search", unlessEmpty: search)
        object.set("options", unlessEmpty: options)
        return .object(object)
    }
}
