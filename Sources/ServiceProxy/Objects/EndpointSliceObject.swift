package import JSON
internal import KubeAPI
internal import KubeClient
package import NFTables
package import NetTypes

/// What the proxy keeps of an EndpointSlice. Of slices of names (FQDN) that is nothing.
package struct EndpointSliceObject: Projection, Hashable {
    package struct Port: Hashable, Sendable {
        package var name = ""
        package var transport = L4Protocol.tcp
        package var number: UInt16 = 0

        package init() {}

        package init(_ number: UInt16, named name: String = "", over transport: L4Protocol = .tcp) {
            self.name = name
            self.transport = transport
            self.number = number
        }
    }

    package struct Endpoint: Hashable, Sendable {
        package var address: IPAddress
        package var isReady = true
        package var isServing = true
        package var isTerminating = false
        package var node = ""
        package var zones: [String] = []
        package var nodes: [String] = []

        package init(_ address: IPAddress) { self.address = address }
    }

    /// When the pod or Service changed that the slice follows, in seconds since 1970, as its annotation says. It says nothing
    /// about endpoints: all are equal.
    package struct ChangeTrigger: Hashable, Sendable {
        package var time: Double?

        package init() {}

        package static func == (a: Self, b: Self) -> Bool { true }
        package func hash(into hasher: inout Hasher) {}
    }

    /// Of the Service in the slice's namespace that it belongs to; empty for none.
    package var service = ""
    package var ports: [Port] = []
    package var endpoints: [Endpoint] = []
    package var trigger = ChangeTrigger()

    package init() {}

    package mutating func takeMetadata(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        if cursor.isAt("labels") {
            if try cursor.takeNull() { return true }
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("kubernetes.io/service-name") {
                    service = try cursor.string()
                } else {
                    try cursor.skip()
                }
            }
        } else if cursor.isAt("annotations") {
            if try cursor.takeNull() { return true }
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("endpoints.kubernetes.io/last-change-trigger-time") {
                    trigger.time = Timestamp(try cursor.string())?.since1970
                } else {
                    try cursor.skip()
                }
            }
        } else {
            return false
        }
        return true
    }

    package mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        if cursor.isAt("endpoints") {
            // A list that is empty may be null.
            if try cursor.takeNull() { return true }
            try cursor.enterArray()
            while try cursor.nextElement() {
                if let endpoint = try Self.endpoint(&cursor) { endpoints.append(endpoint) }
            }
            // Kept for as long as the slice: without the room for more that an array makes itself.
            endpoints = endpoints.map(\.self)
        } else if cursor.isAt("ports") {
            if try cursor.takeNull() { return true }
            try cursor.enterArray()
            while try cursor.nextElement() { if let port = try Self.port(&cursor) { ports.append(port) } }
        } else {
            return false
        }
        return true
    }

    private static func port(_ cursor: inout JSONCursor) throws(JSONError) -> Port? {
        var port = Port()
        var isKnown = true
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("name") {
                port.name = try cursor.optionalString() ?? ""
            } else if cursor.isAt("protocol") {
                let transport = L4Protocol(kubernetes: try cursor.optionalString() ?? "TCP")
                port.transport = transport ?? .tcp
                isKnown = transport != nil
            } else if cursor.isAt("port") {
                port.number = UInt16(exactly: try cursor.optionalInt() ?? 0) ?? 0
            } else {
                try cursor.skip()
            }
        }
        return isKnown && port.number > 0 ? port : nil
    }

    /// Only the first address counts: what a second one means was never said.
    private static func endpoint(_ cursor: inout JSONCursor) throws(JSONError) -> Endpoint? {
        var endpoint = Endpoint(.v4(IPv4Address(rawValue: 0)))
        var address: IPAddress?
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("addresses") {
                address = try cursor.strings().first.flatMap { IPAddress($0) }
            } else if cursor.isAt("nodeName") {
                endpoint.node = try cursor.optionalString() ?? ""
            } else if cursor.isAt("conditions") {
                try takeConditions(&cursor, &endpoint)
            } else if cursor.isAt("hints") {
                if try cursor.takeNull() { continue }
                try cursor.enterObject()
                while try cursor.nextMember() {
                    if cursor.isAt("forZones") {
                        endpoint.zones = try names(&cursor)
                    } else if cursor.isAt("forNodes") {
                        endpoint.nodes = try names(&cursor)
                    } else {
                        try cursor.skip()
                    }
                }
            } else {
                try cursor.skip()
            }
        }
        guard let address, !address.isUnspecified else { return nil }
        endpoint.address = address
        return endpoint
    }

    private static func takeConditions(_ cursor: inout JSONCursor, _ endpoint: inout Endpoint) throws(JSONError) {
        try cursor.enterObject()
        while try cursor.nextMember() {
            if cursor.isAt("ready") {
                endpoint.isReady = try cursor.optionalBool() ?? true
            } else if cursor.isAt("serving") {
                endpoint.isServing = try cursor.optionalBool() ?? true
            } else if cursor.isAt("terminating") {
                endpoint.isTerminating = try cursor.optionalBool() ?? false
            } else {
                try cursor.skip()
            }
        }
    }

    private static func names(_ cursor: inout JSONCursor) throws(JSONError) -> [String] {
        var names: [String] = []
        if try cursor.takeNull() { return names }
        try cursor.enterArray()
        while try cursor.nextElement() {
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("name") { names.append(try cursor.string()) } else { try cursor.skip() }
            }
        }
        return names
    }
}
