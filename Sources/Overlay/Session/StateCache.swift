internal import Glibc
internal import JSON
package import Linux
package import NetTypes

/// What the daemon keeps on disk over a reboot, so that it starts with the store away: the configuration, our lease and
/// VTEP addresses, and everybody's leases.
package struct CachedState: Hashable, Sendable {
    package var configText: String?
    package var own: Lease?
    package var macs: [IPFamily: MACAddress] = [:]
    /// Who says which subnet is a node's, which the configuration's text alone does not.
    package var subnets = SubnetOrigin.chosen
    package var wishes: NodeWishes?
    package var leases: [Lease] = []
    /// VXLAN devices that we made or took over, so that one of an earlier configuration can be removed.
    package var devices: [String] = []

    /// When the file was written, in seconds since 1970; leases in it may have ended a term later.
    package var writtenAt = 0
    /// Leases that are no longer in the store, and until when they are kept nevertheless, in seconds since 1970.
    package var remembered: [SubnetKey: Int] = [:]

    package init() {}

    /// Seconds since 1970. The file outlives the boot that monotonic time counts from.
    package static var now: Int { time(nil) }

    /// How long the latest of the leases that were seen before the file was written may still hold.
    package func remainingTerm(at now: Int = now) -> Duration {
        Self.remaining(until: writtenAt + OwnLease.termSeconds, at: now)
    }

    /// How much longer a lease that the store has lost is kept; nil for others.
    package func remainingMemory(of subnet: SubnetKey, at now: Int = now) -> Duration? {
        remembered[subnet].map { Self.remaining(until: $0, at: now) }
    }

    /// The clock may have been set meanwhile: never more than a term.
    private static func remaining(until end: Int, at now: Int) -> Duration {
        .seconds(end <= now ? 0 : min(end - now, OwnLease.termSeconds))
    }

    package static func path(_ directory: String) -> String { directory + "/state.json" }

    /// Reads the file; parts that cannot be read are as if they were not there, because everything here can be learned again.
    package init(directory: String) {
        guard let bytes = try? Files.read(Self.path(directory)), let document = try? JSONValue.parse(bytes) else {
            return
        }
        configText = document["config"]?.string
        own = document["own"].flatMap(Self.lease)
        leases = document["leases"]?.array?.compactMap(Self.lease) ?? []
        writtenAt = Self.moment(document["writtenAt"]) ?? 0
        for member in document["remembered"]?.object?.members ?? [] {
            if let subnet = SubnetKey(member.key), let end = Self.moment(member.value) { remembered[subnet] = end }
        }
        devices = document["devices"]?.array?.compactMap(\.string) ?? []
        macs[.v4] = Self.mac(document["mac"])
        macs[.v6] = Self.mac(document["macV6"])
        if document["subnets"]?.string == "assigned" { subnets = .assigned }
        wishes = document["node"]?.object.map { NodeWishes(json: $0) }
    }

    /// Writes the file in one step; the directory is made where it is missing.
    package func write(directory: String) throws(SystemError) {
        try Files.makeDirectories(directory, mode: 0o755)
        var object = JSONObject()
        object["config"] = configText.map { .string($0) }
        object["own"] = own.map(Self.json)
        object["mac"] = macs[.v4].map { .string($0.description) }
        object["macV6"] = macs[.v6].map { .string($0.description) }
        if subnets == .assigned { object["subnets"] = "assigned" }
        object["node"] = wishes.map { .object($0.json) }
        object["devices"] = .array(devices.map { .string($0) })
        object["writtenAt"] = .number(JSONNumber(Self.now))
        if !remembered.isEmpty {
            object["remembered"] = .object(
                JSONObject(
                    remembered.sorted { $0.key < $1.key }.map { ($0.key.description, .number(JSONNumber($0.value))) }))
        }
        object["leases"] = .array(leases.sorted { $0.subnet < $1.subnet }.map(Self.json))
        try Files.replace(Self.path(directory), JSONValue.object(object).serialized().utf8, mode: 0o600)
    }

    /// Seconds since 1970, not so many that sums overflow.
    private static func moment(_ json: JSONValue?) -> Int? {
        json?.int.flatMap { (0...Int(UInt32.max)).contains($0) ? $0 : nil }
    }

    /// Only what a device can have: the kernel refuses others, and peers would refuse our lease.
    private static func mac(_ json: JSONValue?) -> MACAddress? {
        guard let mac = json?.string.flatMap({ MACAddress($0) }), !mac.isMulticast, mac.rawValue != 0 else {
            return nil
        }
        return mac
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
