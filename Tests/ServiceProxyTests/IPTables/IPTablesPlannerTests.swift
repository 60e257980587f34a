import NetTypes
import ServiceProxy
import Testing

@Suite struct IPTablesPlannerTests {
    private let number = 200

    private func planner() -> IPTablesPlanner {
        var planner = IPTablesPlanner(Scenario.node)
        for service in 1...number { set(service, [1, 2, 3], in: &planner) }
        _ = planner.start()
        return planner
    }

    private func set(_ service: Int, _ endpoints: [Int], in planner: inout IPTablesPlanner) {
        let key = PortKey(ServicePortName("default", "web-\(service)"), .v4)
        var port = ServicePort(address("10.96.1.\(service)"), 80)
        port.nodePort = UInt16(30_000 + service)
        planner.set(
            key, port,
            endpoints.map {
                Endpoint(Destination(address("10.31.\(service).\($0)"), 8080))
            })
    }

    @Test("a change of endpoints writes the chain of their Service, and no other")
    func endpointChange() throws {
        var planner = planner()
        set(7, [1, 2], in: &planner)
        let change = try #require(planner.takeChanges().changes[.v4])
        let lines = change.text.split(separator: "\n")
        #expect(lines.first == "*nat" && lines.last == "COMMIT")
        #expect(lines.count { $0.hasPrefix(":") } == 1 && lines.count { $0.hasPrefix("-A ") } == 3)
        #expect(change.text.utf8.count < 600, "\(change.text)")
    }

    @Test("what is told again, and is the same, writes nothing")
    func noChange() {
        var planner = planner()
        for service in 1...number { set(service, [1, 2, 3], in: &planner) }
        #expect(planner.takeChanges().changes.isEmpty)
        planner.move(to: Scenario.node)
        #expect(planner.takeChanges().changes.isEmpty)
    }

    @Test("a Service that comes writes its own chains and those that lead to it; one that goes takes its chains away")
    func serviceChange() throws {
        var planner = planner()
        set(number + 1, [1], in: &planner)
        let come = try #require(planner.takeChanges().changes[.v4])
        let shared = ["POPLIN-CLUSTER-IPS", "POPLIN-NODEPORTS", "POPLIN-SERVICES"]
        let own = Set(come.written.keys.map(\.name)).subtracting(shared)
        #expect(own.count == 2 && own.contains { $0.hasPrefix("POPLIN-SVC-") })
        #expect(come.removed.isEmpty && come.written.count == 5)
        planner.set(PortKey(ServicePortName("default", "web-\(number + 1)"), .v4), nil, [])
        let gone = try #require(planner.takeChanges().changes[.v4])
        #expect(Set(gone.removed.map(\.name)) == own && Set(gone.written.keys.map(\.name)) == Set(shared))
    }

    @Test("a name of a chain is within what iptables allows, and of one port alone")
    func names() {
        let names = planner().rules(.v4).keys.map(\.name)
        #expect(names.allSatisfy { $0.utf8.count <= 28 })
        #expect(Set(names).count == names.count && names.count > 2 * number)
    }

    @Test("every endpoint is as likely as the others", arguments: [1, 2, 3, 7, 100, 1000])
    func spread(_ count: Int) throws {
        var planner = IPTablesPlanner(Scenario.node)
        planner.set(
            PortKey(ServicePortName("default", "web"), .v4), ServicePort(Scenario.clusterIP, 80),
            (0..<count).map { Endpoint(Destination(address("10.31.\($0 / 250).\($0 % 250)"), 8080)) })
        let chain = try #require(planner.rules(.v4).first { $0.key.name.hasPrefix("POPLIN-SVC-") }?.value)
        var left = 1.0
        var picks = 0
        for rule in chain where rule.contains("-j DNAT") {
            let words = rule.split(separator: " ")
            let place = words.firstIndex(of: "--probability")
            let share = try place.map { try #require(Double(words[$0 + 1])) } ?? 1
            #expect(abs(left * share * Double(count) - 1) < 1e-5, "\(rule)")
            left *= 1 - share
            picks += 1
        }
        #expect(picks == count && left == 0)
    }

    @Test("a name with other characters than a name may have breaks no line")
    func hostileName() {
        var planner = IPTablesPlanner(Scenario.node)
        planner.set(
            PortKey(ServicePortName("default", "a\" -j ACCEPT\n-A INPUT -j DROP"), .v4),
            ServicePort(Scenario.clusterIP, 80), [])
        let rules = planner.rules(.v4).values.joined()
        #expect(rules.allSatisfy { !$0.contains("\n") })
        #expect(rules.contains { $0.contains("--comment \"default/a-jACCEPT-AINPUT-jDROP\" ") }, "\(rules)")
    }

    @Test("node ports on 127.0.0.0/8 are served where they are asked for, and guarded from outside")
    func loopback() {
        var node = Scenario.node
        node.nodePortAddresses = nil
        func rules(_ family: IPFamily) -> [String] {
            var planner = IPTablesPlanner(node)
            var port = ServicePort(family == .v4 ? Scenario.clusterIP : address("fd96::1"), 80)
            port.nodePort = 30_080
            planner.set(PortKey(ServicePortName("default", "web"), family), port, [])
            var ready = Endpoint(Destination(family == .v4 ? address("10.31.0.1") : address("fd31::1"), 80))
            ready.node = "there"
            planner.set(PortKey(ServicePortName("default", "web"), family), port, [ready])
            return planner.rules(family).values.joined().map(\.self)
        }
        let jump = "-m addrtype --dst-type LOCAL -j POPLIN-NODEPORTS"
        #expect(rules(.v4).contains("! -d 127.0.0.0/8 \(jump)"))
        #expect(!rules(.v4).contains { $0.contains("DNAT -j DROP") })
        node.servesLoopbackNodePorts = true
        #expect(rules(.v4).contains(jump))
        #expect(rules(.v4).contains { $0.hasSuffix("! --ctstate RELATED,ESTABLISHED,DNAT -j DROP") })
        #expect(rules(.v6).contains("! -d ::1/128 \(jump)"))
    }
}
