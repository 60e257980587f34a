internal import JSON
package import Linux
package import NetTypes

/// What the daemon keeps on disk over a reboot, so that it starts with the store away: the configuration, our lease and
/// VTEP addresses, and everybody's leases.
package struct CachedState: Hashable, Sendable {
    package var configText: String?
    package var own: Lease?
    package var macs: [IPFamily: MACAddress] = [:]
    package var leases: [Lease] = []
    /// VXLAN devices that we made or took over, so that one of an earlier configuration can be removed.
    package var devices: [String] = []

    package init() {}

    package static func path(_ directory: String) -> String { directory + "/state.json" }

    /// Reads the file; parts that cannot be read are as if they were not there, because everything here can be learned again.
    package init(directory: String) {
        guard let bytes = try? Files.read(Self.path(directory)), let document = try? JSONValue.parse(bytes) else {
            return
        }
        configText = document["config"]?.string
        own = document["own"].flatMap(Self.lease)
        leases = document["leases"]?.array?.compactMap(Self.lease) ?? []
        devices = document["devices"]?.array?.compactMap(\.string) ?? []
        macs[.v4] = document["mac"]?.string.flatMap { MACAddress($0) }
        macs[.v6] = document["macV6"]?.string.flatMap { MACAddress($0) }
    }

    /// Writes the file in one step; the directory is made where it is missing.
    package func write(directory: String) throws(SystemError) {
        try Files.makeDirectories(directory, mode: 0o755)
        var object = JSONObject()
        object["config"] = configText.map { .string($0) }
        object["own"] = own.map(Self.json)
        object["mac"] = macs[.v4].map { .string($0.description) }
        object["macV6"] = macs[.v6].map { .string($0.description) }
        object["devices"] = .array(devices.map { .string($0) })
        object["leases"] = .array(leases.sorted { $0.subnet < $1.subnet }.map(Self.json))
        try Files.replace(Self.path(directory), JSONValue.object(object).serialized().utf8, mode: 0o600)
    }

    private static func json(_ lease: Lease) -> JSONValue {
        [
            "subnet": .string(lease.subnet.description), "value": .string(lease.attributes.json),
            "revision": .number(JSONNumber(lease.revision)), "lease": .number(JSONNumber(lease.leaseID)),
        ]
    }

    private static func lease(_ json: JSONValue) -> Lease? {
        guard let subnet = json["subnet"]?.string.flatMap({ SubnetKey($0) }), let value = json["value"]?.string,
            let attributes = try? LeaseAttributes(json: value.utf8)
        else { return nil }
        return Lease(
            subnet: subnet, attributes: attributes, revision: Int64(json["revision"]?.int ?? 0),
            leaseID: Int64(json["lease"]?.int ?? 0))
    }
}
