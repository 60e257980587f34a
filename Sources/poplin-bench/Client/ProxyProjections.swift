internal import JSON
internal import KubeClient

/// What a Service proxy keeps of a Service.
struct ServiceFields: Projection {
    struct Port: Hashable {
        var name = ""
        var transport = ""
        var port = 0
        var nodePort = 0
    }

    var type = ""
    var clusterIPs: [String] = []
    var ports: [Port] = []
    var sessionAffinity = ""

    mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        guard cursor.isAt("spec") else { return false }
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("type") {
                type = try cursor.string()
            } else if cursor.isAt("clusterIPs") {
                try cursor.enterArray()
                while try cursor.nextElement() { clusterIPs.append(try cursor.string()) }
            } else if cursor.isAt("sessionAffinity") {
                sessionAffinity = try cursor.string()
            } else if cursor.isAt("ports") {
                try cursor.enterArray()
                while try cursor.nextElement() { ports.append(try Self.port(&cursor)) }
            } else {
                try cursor.skip()
            }
        }
        return true
    }

    private static func port(_ cursor: inout JSONCursor) throws(JSONError) -> Port {
        var port = Port()
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("name") {
                port.name = try cursor.string()
            } else if cursor.isAt("protocol") {
                port.transport = try cursor.string()
            } else if cursor.isAt("port") {
                port.port = try cursor.int()
            } else if cursor.isAt("nodePort") {
                port.nodePort = try cursor.int()
            } else {
                try cursor.skip()
            }
        }
        return port
    }
}

/// What a Service proxy keeps of an EndpointSlice.
struct SliceFields: Projection {
    struct Endpoint: Hashable {
        var addresses: [String] = []
        var isReady = true
        var node = ""
    }

    var service = ""
    var endpoints: [Endpoint] = []
    var ports: [Int] = []

    mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        guard cursor.isAt("labels") else { return false }
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("kubernetes.io/service-name") { service = try cursor.string() } else { try cursor.skip() }
        }
        return true
    }

    mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        if cursor.isAt("endpoints") {
            try cursor.enterArray()
            while try cursor.nextElement() { endpoints.append(try Self.endpoint(&cursor)) }
        } else if cursor.isAt("ports") {
            try cursor.enterArray()
            while try cursor.nextElement() {
                try cursor.enterObject()
                while try cursor.nextMember() {
                    if cursor.isAt("port") { ports.append(try cursor.int()) } else { try cursor.skip() }
                }
            }
        } else {
            return false
        }
        return true
    }

    private static func endpoint(_ cursor: inout JSONCursor) throws(JSONError) -> Endpoint {
        var endpoint = Endpoint()
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("addresses") {
                try cursor.enterArray()
                while try cursor.nextElement() { endpoint.addresses.append(try cursor.string()) }
            } else if cursor.isAt("nodeName") {
                endpoint.node = try cursor.string()
            } else if cursor.isAt("conditions") {
                try cursor.enterObject()
                while try cursor.nextMember() {
                    if cursor.isAt("ready") {
                        endpoint.isReady = try cursor.optionalBool() ?? true
                    } else {
                        try cursor.skip()
                    }
                }
            } else {
                try cursor.skip()
            }
        }
        return endpoint
    }
}
