package import JSON
package import NetTypes

/// The vxlan backend's part of a lease: `{"VNI":1,"VtepMAC":"c6:d2:32:6f:8f:44"}`.
package struct VTEPData: Hashable, Sendable {
    /// Nil in the leases of very old peers.
    package var vni: Int?
    package var mac: MACAddress

    package init(vni: Int?, mac: MACAddress) {
        self.vni = vni
        self.mac = mac
    }

    package init(json: JSONValue?) throws(LeaseFormatError) {
        guard let object = json?.object else {
            throw LeaseFormatError(field: "BackendData", reason: "missing, so the peer's VTEP is unknown")
        }
        guard let text = object["VtepMAC"]?.string, let mac = MACAddress(text), !mac.isMulticast, mac.rawValue != 0
        else {
            throw LeaseFormatError(
                field: "BackendData.VtepMAC",
                reason: "\(object["VtepMAC"]?.serialized() ?? "nothing") is no unicast Ethernet address")
        }
        var vni: Int?
        if let value = object["VNI"], !value.isNull {
            guard let number = value.int else {
                throw LeaseFormatError(field: "BackendData.VNI", reason: "\(value.serialized()) is no whole number")
            }
            vni = number
        }
        self.init(vni: vni, mac: mac)
    }

    /// flannel reuses a MAC by splitting this text, so VtepMAC must come last and be the only string.
    package var json: JSONValue {
        var object = JSONObject()
        object["VNI"] = vni.map { .number(JSONNumber($0)) }
        object["VtepMAC"] = .string(mac.description)
        return .object(object)
    }
}
