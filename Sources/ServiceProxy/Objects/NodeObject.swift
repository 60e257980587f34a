package import JSON
internal import KubeClient
package import NetTypes

/// What the proxy keeps of its Node.
package struct NodeObject: Projection, Hashable {
    /// Those that are addresses of the node itself, in the API's order.
    package var addresses: [IPAddress] = []
    package var podCIDRs: [CIDR] = []
    package var zone = ""
    package var isDeleted = false
    /// The autoscaler is about to take the node away.
    package var isToBeDeleted = false

    package init() {}

    package mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        if cursor.isAt("labels") {
            if try cursor.takeNull() { return true }
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("topology.kubernetes.io/zone") { zone = try cursor.string() } else { try cursor.skip() }
            }
        } else if cursor.isAt("deletionTimestamp") {
            isDeleted = try cursor.optionalString() != nil
        } else {
            return false
        }
        return true
    }

    package mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        if cursor.isAt("spec") {
            try takeSpec(&cursor)
        } else if cursor.isAt("status") {
            try takeStatus(&cursor)
        } else {
            return false
        }
        return true
    }

    private mutating func takeSpec(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("podCIDRs") {
                podCIDRs = try cursor.strings().compactMap { CIDR($0)?.network }
            } else if cursor.isAt("taints") {
                if try cursor.takeNull() { continue }
                try cursor.enterArray()
                while try cursor.nextElement() { try takeTaint(&cursor) }
            } else {
                try cursor.skip()
            }
        }
    }

    private mutating func takeTaint(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("key") {
                if try cursor.string() == "ToBeDeletedByClusterAutoscaler" { isToBeDeleted = true }
            } else {
                try cursor.skip()
            }
        }
    }

    private mutating func takeStatus(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            guard cursor.isAt("addresses") else {
                try cursor.skip()
                continue
            }
            if try cursor.takeNull() { continue }
            try cursor.enterArray()
            while try cursor.nextElement() { try takeAddress(&cursor) }
        }
    }

    /// An external address may be a translation that the node itself knows nothing of.
    private mutating func takeAddress(_ cursor: inout JSONCursor) throws(JSONError) {
        var (type, text) = ("", "")
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("type") {
                type = try cursor.string()
            } else if cursor.isAt("address") {
                text = try cursor.string()
            } else {
                try cursor.skip()
            }
        }
        if type == "InternalIP", let address = IPAddress(text) { addresses.append(address) }
    }
}
