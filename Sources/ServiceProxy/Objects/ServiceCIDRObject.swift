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
            if cursor.isAt("cidrs") {
                networks = try cursor.strings().compactMap { CIDR($0)?.network }
            } else {
                try cursor.skip()
            }
        }
        return true
    }
}
