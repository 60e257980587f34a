package import JSON
package import KubeClient
internal import NetTypes

/// What the overlay keeps of a Node: its pod networks, flannel's annotations, and whether its network is said to work.
package struct NodeRecord: Projection, Sendable {
    package var podCIDRs: [String] = []
    /// All that may be flannel's, under any prefix.
    package var annotations: [String: String] = [:]
    /// The condition NetworkUnavailable; nil when the node has none.
    package var networkUnavailable: Condition?
    /// The Node's resourceVersion as a number; 0 where it is none.
    package var revision: Int64 = 0

    package struct Condition: Hashable, Sendable {
        package var status = ""
        package var reason = ""
        package var message = ""
    }

    package init() {}

    /// The revision grows with every heartbeat, which is no news.
    package static func == (a: Self, b: Self) -> Bool {
        a.podCIDRs == b.podCIDRs && a.annotations == b.annotations && a.networkUnavailable == b.networkUnavailable
    }

    package mutating func identify(_ key: ObjectKey, revision: String) { self.revision = Int64(revision) ?? 0 }

    package mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        guard cursor.isAt("annotations") else { return false }
        try cursor.enterObject()
        while try cursor.nextMember() {
            let key = cursor.key
            if AnnotationKeys.mayBe(key) { annotations[key] = try cursor.string() } else { try cursor.skip() }
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
        var single = ""
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("podCIDRs") {
                podCIDRs = try cursor.strings()
            } else if cursor.isAt("podCIDR") {
                single = try cursor.string()
            } else {
                try cursor.skip()
            }
        }
        // The older field, which says the same as the first of the list.
        if podCIDRs.isEmpty && !single.isEmpty { podCIDRs = [single] }
    }

    private mutating func takeStatus(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            guard cursor.isAt("conditions") else {
                try cursor.skip()
                continue
            }
            try cursor.enterArray()
            while try cursor.nextElement() {
                var (type, condition) = ("", Condition())
                try cursor.enterObject()
                while try cursor.nextMember() {
                    if cursor.isAt("type") {
                        type = try cursor.string()
                    } else if cursor.isAt("status") {
                        condition.status = try cursor.string()
                    } else if cursor.isAt("reason") {
                        condition.reason = try cursor.string()
                    } else if cursor.isAt("message") {
                        condition.message = try cursor.string()
                    } else {
                        try cursor.skip()
                    }
                }
                if type == "NetworkUnavailable" { networkUnavailable = condition }
            }
        }
    }
}

extension NodeRecord {
    /// The node's subnets of these families; nil while it has none, or not one of each that is needed.
    func subnet(_ families: [IPFamily]) -> SubnetKey? {
        var subnets: [IPFamily: CIDR] = [:]
        for text in podCIDRs {
            guard let subnet = CIDR(text)?.network, families.contains(subnet.family), subnets[subnet.family] == nil
            else { continue }
            subnets[subnet.family] = subnet
        }
        return SubnetKey(v4: subnets[.v4], v6: subnets[.v6])
    }
}
