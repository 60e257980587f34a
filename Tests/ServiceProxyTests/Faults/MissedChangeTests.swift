import Daemon
import KubeClient
import Lab
import NFTables
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

/// Things change while no proxy runs: the next one finds a table that somebody has left.
@Suite(.requiresRoot) struct MissedChangeTests {
    private static let memory = ProxySet.affinity.set(.v4)

    private static func service(_ number: Int, seconds: UInt32? = 600) -> ServiceObject {
        .clusterIP {
            $0.clusterIPs = [address("10.96.0.\(number)")]
            $0.affinitySeconds = seconds
        }
    }

    private static func slice(_ service: String, _ endpoints: [Int]) -> EndpointSliceObject {
        .of(endpoints.map { ("10.30.2.\($0)", "there") }, for: service)
    }

    /// The number that the clients of a Service are known by.
    private static func group(_ number: Int, _ run: ApplierRun) throws -> UInt32 {
        let key: [Datum] = [.address(address("10.96.0.\(number)")), .l4proto(.tcp), .port(80)]
        let element = try run.elements(of: ProxySet.groups.set(.v4)).first { $0.key == key }
        guard case .data(let data)? = element?.value, case .mark(let group)? = data.first else { return 0 }
        return group
    }

    /// Client 192.0.2.N is remembered with slot N of the group.
    private static func remember(_ slots: Range<UInt32>, of group: UInt32, _ run: ApplierRun) throws {
        var transaction = Transaction()
        transaction.add(
            slots.map { Element([client($0), .mark(group)], [.mark($0)], timeout: 600_000) }, to: memory)
        try run.commit(transaction)
    }

    /// Three endpoints, and a client of each.
    private static func remembering() throws -> ApplierRun {
        let run = try ApplierRun()
        run.set(service: "web", service(1))
        run.set(slice: "web", slice("web", [1, 2, 3]))
        #expect(try run.flush())
        try remember(0..<3, of: group(1, run), run)
        return run
    }

    private static func client(_ number: UInt32) -> Datum { .address(address("192.0.2.\(number)")) }

    /// Where each client is sent.
    private static func endpoints(_ run: ApplierRun) throws -> [Datum: IPAddress] {
        let places = try run.installed.slots.remembered
        var endpoints: [Datum: IPAddress] = [:]
        for element in try run.elements(of: memory) {
            guard case .mark(let group)? = element.key.last, case .data(let data)? = element.value,
                case .mark(let number)? = data.first, let client = element.key.first
            else { continue }
            let place = places[.init(memory: memory, group: group, number: number)]
            endpoints[client] = place?.address ?? address("0.0.0.0")
        }
        return endpoints
    }

    @Test("clients of endpoints that are left keep theirs, in whatever slot it is then; those of others are forgotten")
    func endpointsGone() throws {
        let node = try LabNamespace("missed")
        try node.run {
            var run = try Self.remembering()
            // One that was left by somebody who was killed before it was done.
            try Self.remember(7..<8, of: Self.group(1, run), run)
            run.set(slice: "web", Self.slice("web", [3, 2]))
            run = try ApplierRun(after: run)
            #expect(try run.flush())
            #expect(
                try Self.endpoints(run) == [
                    Self.client(1): address("10.30.2.2"), Self.client(2): address("10.30.2.3"),
                ])
        }
    }

    @Test("a number has no clients when it is given again, however its port has lost it")
    func numbers() throws {
        let losses: [(name: String, isMissed: Bool, (ApplierRun) -> Void)] = [false, true].flatMap { isMissed in
            [
                ("the Service goes", isMissed, { $0.set(service: "web", nil) }),
                ("its endpoints go", isMissed, { $0.set(slice: "web", nil) }),
                ("it forgets its clients", isMissed, { $0.set(service: "web", Self.service(1, seconds: nil)) }),
            ]
        }
        for (name, isMissed, lose) in losses {
            let node = try LabNamespace("missed")
            try node.run {
                var run = try ApplierRun()
                run.set(service: "web", Self.service(1))
                run.set(slice: "web", Self.slice("web", [1, 2]))
                #expect(try run.flush())
                let group = try Self.group(1, run)
                try Self.remember(0..<2, of: group, run)
                lose(run)
                if !isMissed { #expect(try run.flush()) }
                run = try ApplierRun(after: run)
                #expect(try run.flush())
                // Whoever starts now does not know that there was a group.
                run = try ApplierRun(after: run)
                #expect(try run.flush())
                run.set(service: "other", Self.service(2))
                run.set(slice: "other", Self.slice("other", [3, 4]))
                #expect(try run.flush())
                #expect(try Self.group(2, run) <= group + 1, "\(name), missed: \(isMissed)")
                #expect(try run.elements(of: Self.memory) == [], "\(name), missed: \(isMissed)")
            }
        }
    }

    @Test("clients of a port whose address is another's for a while find its endpoints as they are then")
    func hidden() throws {
        let node = try LabNamespace("missed")
        try node.run {
            let run = try Self.remembering()
            // By its name it comes first.
            run.set(service: "a", Self.service(1, seconds: nil))
            run.set(slice: "a", Self.slice("a", [2, 3, 9]))
            #expect(try run.flush())
            #expect(try Self.group(1, run) == 0)
            // Endpoints of both, and a look at the table as after somebody else's change of it.
            run.set(slice: "web", Self.slice("web", [9, 3, 2]))
            #expect(try run.flush())
            run.repair()
            run.set(service: "a", nil)
            #expect(try run.flush())
            #expect(
                try Self.endpoints(run) == [
                    Self.client(1): address("10.30.2.2"), Self.client(2): address("10.30.2.3"),
                ])
        }
    }

    @Test(
        "datagrams to an endpoint that has gone meanwhile, or to an address that led nowhere, find their way then",
        .requiresProgram("iptables-restore"), arguments: TakeoverTests.Own.allCases)
    func datagrams(_ own: TakeoverTests.Own) throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        func slice(_ endpoint: IPAddress, of service: String) -> EndpointSliceObject {
            var slice = EndpointSliceObject.of([("\(endpoint)", "")], for: service)
            slice.ports = [.init(5302, over: .udp)]
            return slice
        }
        let client = try network.datagramClient(.otherPod)
        let (here, there) = (address("10.30.1.11"), address("10.30.2.11"))
        let late = Destination(address("10.96.0.11"), 53)
        let fronts = [Destination(Scenario.clusterIP, 53), Destination(Scenario.nodeAddress, 30_053)]
        var node = Scenario.node
        // Where addresses that no Service has are not refused.
        node.serviceCIDRs = []
        var services = ["dns": ServiceObject.clusterIP { $0.ports = [.init(53, over: .udp, nodePort: 30_053)] }]
        var slices = [slice(here, of: "dns")]

        let loop = try EventLoop()
        func takeOver() throws {
            var index = ServiceIndex()
            func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }
            for (name, service) in services { index.set(service: key(name), service) }
            for slice in slices { index.set(slice: key(slice.service), slice) }
            try network.node.run {
                let applier = try TakeoverTests.applier(own, loop)
                _ = try applier.takeOver(on: loop, node, &index)
            }
        }
        try takeOver()
        for front in fronts { #expect(client.visit(front) == .delivered(Destination(here, 5302))) }
        #expect(client.visit(late, expecting: .dropped) == .dropped)

        services["late"] = .clusterIP {
            $0.clusterIPs = [late.address]
            $0.ports = [.init(53, over: .udp)]
        }
        slices = [slice(there, of: "dns"), slice(there, of: "late")]
        try takeOver()
        for front in fronts + [late] {
            #expect(client.visit(front) == .delivered(Destination(there, 5302)), "\(front)")
        }
        // Whoever is served is left alone.
        slices[0].endpoints += slice(here, of: "dns").endpoints
        try takeOver()
        for front in fronts { #expect(client.visit(front) == .delivered(Destination(there, 5302))) }
    }
}
