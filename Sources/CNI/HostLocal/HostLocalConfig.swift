internal import JSON
package import NetTypes

/// The `ipam` member for `host-local`, checked and complete.
package struct HostLocalConfig: Sendable {
    package var sets: [RangeSet]
    package var routes: [CNIResult.Route]
    /// Where the networks' directories are.
    package var dataDirectory: String
    /// A resolv.conf whose contents become the result's `dns`; empty for none.
    package var resolvConf: String
    /// Addresses that the caller wants; each must be in a set.
    package var requested: [IPAddress]

    /// Reads the configuration of a call. Nothing on the machine is touched.
    package init(_ call: Invocation) throws(CNIError) {
        let reader = call.config.reader
        guard let ipam = reader.object("ipam") else {
            try reader.finish()
            throw CNIError(.invalidConfig, "IPAM config missing 'ipam' key")
        }
        let runtime = reader.object("runtimeConfig")
        // What the runtime asks for comes first, then the old form with one range, then the lists.
        var drafts = (runtime?.objectLists("ipRanges") ?? []).map { $0.map(Draft.init) }
        if ipam.value("subnet") != nil { drafts.append([Draft(ipam)]) }
        drafts += (ipam.objectLists("ranges") ?? []).map { $0.map(Draft.init) }

        routes = CNIResult.routes("routes", of: ipam)
        dataDirectory = Self.dataDirectory(ipam) ?? call.machine.networksDirectory
        resolvConf = ipam.string("resolvConf") ?? ""
        requested = RequestedAddresses.read(call, reader).map(\.canonical)
        try reader.finish()
        if drafts.isEmpty { throw CNIError(.invalidConfig, "no IP ranges specified") }
        sets = []
        for (index, draft) in drafts.enumerated() {
            do { sets.append(try Self.set(draft)) } catch { throw error.prefixed("invalid range set \(index)") }
        }
        try Self.checkOverlap(sets)
        try Self.checkCount(sets, call.config.version)
    }

    /// All that a DEL or a GC needs to know: they must work even when the ranges are wrong or unknown by now.
    package static func dataDirectory(of call: Invocation) throws(CNIError) -> String {
        let reader = call.config.reader
        let directory = reader.object("ipam").flatMap(dataDirectory) ?? call.machine.networksDirectory
        try reader.finish()
        return directory
    }

    private static func dataDirectory(_ ipam: ConfigReader) -> String? {
        guard let directory = ipam.string("dataDir"), !directory.isEmpty else { return nil }
        return directory
    }

    private static func set(_ drafts: [Draft]) throws(CNIError) -> RangeSet {
        var ranges: [AddressRange] = []
        for draft in drafts { ranges.append(try draft.range()) }
        return try RangeSet(ranges)
    }

    private static func checkOverlap(_ sets: [RangeSet]) throws(CNIError) {
        for (index, set) in sets.enumerated() {
            if let other = sets[(index + 1)...].firstIndex(where: set.overlaps) {
                throw CNIError(.invalidConfig, "range set \(index) overlaps with \(other)")
            }
        }
    }

    /// A result of 0.2.0 has one address of each family.
    private static func checkCount(_ sets: [RangeSet], _ version: SpecVersion) throws(CNIError) {
        let most = IPFamily.allCases.map { family in sets.count { $0.family == family } }.max() ?? 0
        if most > 1 && version < .v030 {
            throw CNIError(
                .invalidConfig,
                "CNI version \(version.rawValue) does not support more than 1 address per family")
        }
    }
}

/// A range as the configuration gives it.
private struct Draft {
    var subnet: CIDR?
    var start: IPAddress?
    var end: IPAddress?
    var gateway: IPAddress?

    init(_ reader: ConfigReader) {
        subnet = reader.cidr("subnet")
        if reader.value("subnet") == nil { reader.reject("subnet", "missing") }
        start = reader.address("rangeStart")?.canonical
        end = reader.address("rangeEnd")?.canonical
        gateway = reader.address("gateway")?.canonical
    }

    func range() throws(CNIError) -> AddressRange {
        guard let subnet else { throw CNIError(.invalidConfig, "a range without a subnet") }
        return try AddressRange(subnet: subnet, start: start, end: end, gateway: gateway)
    }
}
