package import JSON
internal import KubeClient
package import NetTypes

/// Networks out of which ClusterIPs are given.
package struct ServiceCIDRObject: Projection, Hashable {
    package var networks: [CIDR] = []

    package init() {}

    package mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        guard cursor.isAt("spec") else { return false }
        try cursor.enterObject()
        while try cursor.nextMember() {
            guard cursor.isAt("cidrs") else {
                try cursor.skip()
                continue
            }
            if try cursor.takeNull() { continue }
            try cursor.enterArray()
            while try cursor.nextElement() {
                if let network = CIDR(try cursor.string()) { networks.append(network.network) }
            }
        }
        return true
    }
}
