package import JSON
package import KubeClient
package import NFTables
package import NetTypes

/// What the proxy keeps of a Service.
package struct ServiceObject: Projection, Hashable {
    package struct Port: Hashable, Sendable {
        package var name = ""
        package var transport = L4Protocol.tcp
        package var number: UInt16 = 0
        /// 0 for none.
        package var nodePort: UInt16 = 0

        package init() {}

        package init(
            _ number: UInt16, named name: String = "", over transport: L4Protocol = .tcp, nodePort: UInt16 = 0
        ) {
            self.name = name
            self.transport = transport
            self.number = number
            self.nodePort = nodePort
        }
    }

    /// Not headless, and not a mere name for something outside.
    package var isProxied = true
    package var clusterIPs: [IPAddress] = []
    package var externalIPs: [IPAddress] = []
    /// Those that a node is to answer for (ipMode VIP); with ipMode Proxy the traffic has passed the load balancer.
    package var loadBalancerIPs: [IPAddress] = []
    /// Who may use the load balancer's addresses; empty for everybody.
    package var sourceRanges: [CIDR] = []
    package var ports: [Port] = []
    package var isInternalLocal = false
    package var isExternalLocal = false
    /// Seconds for which a client keeps its endpoint; nil for no affinity.
    package var affinitySeconds: UInt32?
    /// 0 for none.
    package var healthCheckNodePort: UInt16 = 0

    package var scheduling = Scheduling.random
    package var weights: [Weight] = []
    /// For how long connections to an endpoint that is gone go on; nil for as long as they like.
    package var drainSeconds: UInt32?
    /// Annotations of ours that mean nothing, each with the reason.
    package var problems: [String] = []

    private var isExternalName = false
    private var hasClientAffinity = false

    package init() {}

    package mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        guard cursor.isAt("annotations") else { return false }
        if try cursor.takeNull() { return true }
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("poplin.dev/scheduling") {
                let text = try cursor.string()
                let known = Scheduling(rawValue: text)
                scheduling = known ?? .random
                if known == nil {
                    let ways = Scheduling.allCases.map(\.rawValue).joined(separator: ", ")
                    problems.append("poplin.dev/scheduling: \"\(text)\" is none of \(ways)")
                }
            } else if cursor.isAt("poplin.dev/weights") {
                takeWeights(try cursor.string())
            } else if cursor.isAt("poplin.dev/drain-seconds") {
                let text = try cursor.string()
                drainSeconds = UInt32(text)
                if drainSeconds == nil {
                    problems.append("poplin.dev/drain-seconds: \"\(text)\" is not a number of seconds")
                }
            } else {
                try cursor.skip()
            }
        }
        return true
    }

    private mutating func takeWeights(_ text: String) {
        for item in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            if let weight = Weight(item) {
                weights.append(weight)
            } else {
                problems.append("poplin.dev/weights: \"\(item)\" is not ADDRESS=N or NETWORK=N with N from 0 to 100")
            }
        }
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

    package mutating func identify(_ key: ObjectKey, revision: String) {
        if isExternalName || clusterIPs.isEmpty { isProxied = false }
        affinitySeconds = hasClientAffinity ? affinitySeconds ?? 10_800 : nil
    }

    private mutating func takeSpec(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("type") {
                isExternalName = try cursor.string() == "ExternalName"
            } else if cursor.isAt("clusterIP") {
                // Servers before dual-stack have no list; "None" is no address.
                if let address = IPAddress(try cursor.string()), clusterIPs.isEmpty { clusterIPs = [address] }
            } else if cursor.isAt("clusterIPs") {
                clusterIPs = try cursor.strings().compactMap { IPAddress($0) }
            } else if cursor.isAt("externalIPs") {
                externalIPs = try cursor.strings().compactMap { IPAddress($0) }
            } else if cursor.isAt("loadBalancerSourceRanges") {
                sourceRanges = try cursor.strings().compactMap { CIDR($0.filter { $0 != " " })?.network }
            } else if cursor.isAt("internalTrafficPolicy") {
                isInternalLocal = try cursor.string() == "Local"
            } else if cursor.isAt("externalTrafficPolicy") {
                isExternalLocal = try cursor.string() == "Local"
            } else if cursor.isAt("sessionAffinity") {
                hasClientAffinity = try cursor.string() == "ClientIP"
            } else if cursor.isAt("sessionAffinityConfig") {
                try takeAffinity(&cursor)
            } else if cursor.isAt("healthCheckNodePort") {
                healthCheckNodePort = UInt16(exactly: try cursor.int()) ?? 0
            } else if cursor.isAt("ports") {
                try cursor.enterArray()
                while try cursor.nextElement() { if let port = try Self.port(&cursor) { ports.append(port) } }
            } else {
                try cursor.skip()
            }
        }
    }

    private mutating func takeAffinity(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            guard cursor.isAt("clientIP") else {
                try cursor.skip()
                continue
            }
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("timeoutSeconds") {
                    affinitySeconds = UInt32(exactly: try cursor.int())
                } else {
                    try cursor.skip()
                }
            }
        }
    }

    private mutating func takeStatus(_ cursor: inout JSONCursor) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            guard cursor.isAt("loadBalancer") else {
                try cursor.skip()
                continue
            }
            try cursor.enterObject()
            while try cursor.nextMember() {
                guard cursor.isAt("ingress") else {
                    try cursor.skip()
                    continue
                }
                try cursor.enterArray()
                while try cursor.nextElement() {
                    // One with several ports may be told several times.
                    guard let address = try Self.ingress(&cursor), !loadBalancerIPs.contains(address) else { continue }
                    loadBalancerIPs.append(address)
                }
            }
        }
    }

    private static func ingress(_ cursor: inout JSONCursor) throws(JSONError) -> IPAddress? {
        var address: IPAddress?
        var isVirtual = true
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("ip") {
                address = IPAddress(try cursor.string())
            } else if cursor.isAt("ipMode") {
                isVirtual = try cursor.string() != "Proxy"
            } else {
                try cursor.skip()
            }
        }
        return isVirtual ? address : nil
    }

    private static func port(_ cursor: inout JSONCursor) throws(JSONError) -> Port? {
        var port = Port()
        var isKnown = true
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("name") {
                port.name = try cursor.string()
            } else if cursor.isAt("protocol") {
                let transport = L4Protocol(kubernetes: try cursor.string())
                port.transport = transport ?? .tcp
                isKnown = transport != nil
            } else if cursor.isAt("port") {
                port.number = UInt16(exactly: try cursor.int()) ?? 0
            } else if cursor.isAt("nodePort") {
                port.nodePort = UInt16(exactly: try cursor.int()) ?? 0
            } else {
                try cursor.skip()
            }
        }
        return isKnown && port.number > 0 ? port : nil
    }
}

extension L4Protocol {
    /// As the Kubernetes API writes it.
    init?(kubernetes text: String) {
        switch text {
        case "TCP": self = .tcp
        case "UDP": self = .udp
        case "SCTP": self = .sctp
        default: return nil
        }
    }
}
