internal import JSON
internal import NetTypes

/// The `static` IPAM plugin: the addresses that the configuration says, from nowhere and kept nowhere.
package struct StaticAddresses: Plugin {
    package let name = "static"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult { try Self.result(call) }

    package func del(_ call: Invocation) throws {}

    package func check(_ call: Invocation) throws {
        let wanted = try Self.result(call)
        guard let previous = call.config.previousResult else {
            throw CNIError(.invalidConfig, "static: CHECK needs a prevResult")
        }
        for ip in wanted.ips where !previous.ips.contains(where: { $0.address == ip.address }) {
            throw CNIError(
                .internalFailure,
                "static: Failed to match addr \(ip.address) on interface \(call.environment.interfaceName)")
        }
    }

    package func status(_ call: Invocation) throws {
        _ = try Self.result(call)
    }

    private static func result(_ call: Invocation) throws(CNIError) -> CNIResult {
        let reader = call.config.reader
        guard let ipam = reader.object("ipam") else {
            try reader.finish()
            throw CNIError(.invalidConfig, "IPAM config missing 'ipam' key")
        }
        var result = CNIResult(routes: CNIResult.routes("routes", of: ipam))
        if let dns = ipam.object("dns") { result.dns = CNIResult.DNS(reader: dns) }
        result.ips = (ipam.objects("addresses") ?? []).compactMap { entry in
            guard let address = entry.cidr("address") else {
                if entry.value("address") == nil { entry.reject("address", "missing") }
                return nil
            }
            return CNIResult.IP(address: address, gateway: entry.address("gateway"))
        }
        addArguments(call.environment, to: &result.ips, reader)
        // What an orchestrator or the runtime says replaces what the configuration says.
        for part in [reader.object("args")?.object("cni"), reader.object("runtimeConfig")] {
            guard let part, let texts = part.strings("ips"), !texts.isEmpty else { continue }
            result.ips = texts.enumerated().compactMap { index, text in
                if let address = CIDR(text) { return CNIResult.IP(address: address) }
                part.reject("ips[\(index)]", "an entry in the 'ips' field is NOT in CIDR notation, got: '\(text)'")
                return nil
            }
        }
        try reader.finish()
        try checkCount(result, call.config.version)
        return result
    }

    /// CNI_ARGS: `IP=a/n,b/n` adds addresses, `GATEWAY=a,b` gives one to each network that it is in.
    private static func addArguments(
        _ environment: Environment, to ips: inout [CNIResult.IP], _ reader: ConfigReader
    ) {
        for part in (environment.argument("IP") ?? "").split(separator: ",") {
            if let address = CIDR(part.trimmingSpaces) {
                ips.append(CNIResult.IP(address: address))
            } else {
                reader.reject("CNI_ARGS.IP", "the 'ip' field is expected to be in CIDR notation, got: '\(part)'")
            }
        }
        for part in (environment.argument("GATEWAY") ?? "").split(separator: ",") {
            guard let gateway = IPAddress(part.trimmingSpaces) else {
                reader.reject("CNI_ARGS.GATEWAY", "invalid gateway address: \(part)")
                continue
            }
            for index in ips.indices where ips[index].address.contains(gateway) { ips[index].gateway = gateway }
        }
    }

    private static func checkCount(_ result: CNIResult, _ version: SpecVersion) throws(CNIError) {
        let most = IPFamily.allCases.map { family in result.ips.count { $0.address.family == family } }.max() ?? 0
        if most > 1 && version < .v030 {
            throw CNIError(
                .invalidConfig,
                "CNI version \(version.rawValue) does not support more than 1 address per family")
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
