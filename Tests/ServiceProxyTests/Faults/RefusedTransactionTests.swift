import Lab
import NFTables
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

/// The kernel refuses a transaction, after it has done all of it and taken it back.
@Suite(.requiresRoot) struct RefusedTransactionTests {
    private static let places = [("10.30.1.11", "here"), ("10.30.1.12", "here"), ("10.30.2.11", "there")]

    private func set(_ name: String, _ run: ApplierRun, _ endpoints: [(String, String)]) {
        var service = ServiceObject.everywhere { $0.affinitySeconds = 60 }
        if name != "web" {
            service.clusterIPs = [address("10.96.0.2")]
            service.ports = [.init(80, nodePort: 30_081)]
            (service.externalIPs, service.loadBalancerIPs) = ([], [])
        }
        run.set(service: name, service)
        run.set(slice: name, .of(endpoints.map { ($0.0, $0.1) }, for: name))
    }

    /// What is done to the Services, one after the other; each is a transaction of its own or more.
    private static let steps: [@Sendable (RefusedTransactionTests, ApplierRun) -> Void] = [
        { $0.set("web", $1, places) },
        { $0.set("other", $1, Array(places.prefix(1))) },
        { $0.set("web", $1, Array(places.dropFirst())) },
        { tests, run in run.node.masqueradesAll = true },
        { $0.set("web", $1, [places[2], places[0]]) },
        { tests, run in run.set(service: "other", nil) },
    ]

    @Test("whichever it is, nothing of it is there, and right after it all is as it should be")
    func each() throws {
        var total = 0
        var refused = 1
        repeat {
            let namespace = try LabNamespace("refused")
            total = try namespace.run {
                let run = try ApplierRun()
                run.refused = [refused]
                for (number, step) in Self.steps.enumerated() {
                    let before = try run.installed
                    step(self, run)
                    if try run.flush() {
                        let differences = try run.differences()
                        #expect(differences.isEmpty, "step \(number), refused \(refused): \(differences)")
                        continue
                    }
                    // It came to nothing, or only what follows from it did.
                    let isUntouched = try before.differences(to: run.installed).isEmpty
                    #expect(try isUntouched || run.differences().isEmpty, "step \(number), refused \(refused)")
                    run.repair()
                    try run.loop.run(until: "step \(number), refused \(refused): the table is right") {
                        try run.differences().isEmpty
                    }
                }
                return run.attempts
            }
            refused += 1
        } while refused <= total
        // Each step has been refused at least once.
        #expect(refused > Self.steps.count)
    }

    @Test("again and again, for as long as it likes: the changes of that time are there at last")
    func often() throws {
        let namespace = try LabNamespace("refused")
        try namespace.run {
            let run = try ApplierRun()
            Self.steps[0](self, run)
            #expect(try run.flush())
            let before = try run.installed
            run.refused = Set(run.attempts + 1...run.attempts + 12)
            for step in Self.steps.dropFirst() {
                step(self, run)
                #expect(try !run.flush())
                #expect(try before.differences(to: run.installed).isEmpty)
            }
            run.repair()
            try run.loop.run(until: "the table is right") { try run.differences().isEmpty }
            #expect(run.attempts > 13)
        }
    }

    @Test("who is remembered with an endpoint stays with it, or is forgotten with it, though the change came late")
    func remembered() throws {
        for refused in [1, 2] {
            let network = try ScenarioNetwork()
            let servers = try network.servers()
            defer { servers.stop() }
            let flow = Scenario.Flow(
                client: .otherPod, destination: Destination(Scenario.clusterIP, 80), expected: [])
            let run = try network.node.run {
                let run = try ApplierRun()
                set("web", run, Self.places)
                #expect(try run.flush())
                return run
            }
            guard case .delivered(let first) = try network.outcome(of: flow).fate else {
                Issue.record("nobody answered")
                return
            }
            // One of the others goes; its slot, or the last one, passes to somebody else.
            let gone = try #require(Self.places.first { address($0.0) != first.address })
            try network.node.run {
                run.refused = [run.attempts + refused]
                set("web", run, Self.places.filter { $0.0 != gone.0 })
                _ = try run.flush()
                run.repair()
                try run.loop.run(until: "the table is right") { try run.differences().isEmpty }
            }
            for _ in 0..<20 { #expect(try network.outcome(of: flow).fate == .delivered(first)) }
        }
    }

    @Test("datagrams leave an endpoint that is gone, though the change came late")
    func datagrams() throws {
        let network = try ScenarioNetwork()
        let servers = try network.servers()
        defer { servers.stop() }
        func slice(_ endpoint: (String, String)) -> EndpointSliceObject {
            var slice = EndpointSliceObject.of([endpoint], for: "dns")
            slice.ports = [.init(5302, over: .udp)]
            return slice
        }
        let client = try network.datagramClient(.otherPod)
        let front = Destination(Scenario.clusterIP, 53)
        let run = try network.node.run {
            let run = try ApplierRun()
            run.set(service: "dns", .clusterIP { $0.ports = [.init(53, over: .udp)] })
            run.set(slice: "dns", slice(Self.places[0]))
            #expect(try run.flush())
            return run
        }
        #expect(client.visit(front) == .delivered(Destination(address("10.30.1.11"), 5302)))
        try network.node.run {
            run.refused = [run.attempts + 1]
            run.set(slice: "dns", slice(Self.places[2]))
            #expect(try !run.flush())
            run.repair()
            try run.loop.run(until: "the table is right") { try run.differences().isEmpty }
        }
        #expect(client.visit(front) == .delivered(Destination(address("10.30.2.11"), 5302)))
    }
}

extension InstalledTable {
    /// How another one differs in what is in its sets, and which chains it has.
    func differences(to other: InstalledTable) -> [String] {
        let sets = Set(elements.keys).union(other.elements.keys).filter { set in
            elements[set].map { Set($0) } != other.elements[set].map { Set($0) }
        }
        return sets.map(\.name) + (Set(chains.keys) == Set(other.chains.keys) ? [] : ["chains"])
    }
}
