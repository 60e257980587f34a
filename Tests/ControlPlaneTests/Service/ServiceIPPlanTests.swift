import KubeAPI
import NetTypes
import Testing

@testable import ControlPlane

private typealias Net = ServiceNetworking

private let v4 = [IPFamily.v4]
private let v6 = [IPFamily.v6]
private let v4v6 = [IPFamily.v4, .v6]
private let v6v4 = [IPFamily.v6, .v4]

/// A Service as written, the cluster's families, and what becomes of it: families, policy, claimed and released
/// addresses; or the refusal's first message.
struct FamilyCase: Sendable, CustomTestStringConvertible {
    var name: String
    var cluster: [IPFamily]
    var new: ServiceNetworking
    var old: ServiceNetworking?
    var families: [String] = []
    var policy: IPFamilyPolicy?
    var claims: [String] = []
    var releases: [String] = []
    var refusal: String?
    var testDescription: String { name }
}

private func stored(
    _ addresses: [String], _ families: [String], _ policy: IPFamilyPolicy, type: ServiceType = .clusterIP
) -> Net {
    Net(type: type, clusterIP: addresses[0], clusterIPs: addresses, families: families, policy: policy)
}

private let created: [FamilyCase] = [
    .init(
        name: "nothing said, v4", cluster: v4, new: Net(), families: ["IPv4"], policy: .singleStack, claims: ["IPv4"]),
    .init(
        name: "nothing said, v6", cluster: v6, new: Net(), families: ["IPv6"], policy: .singleStack, claims: ["IPv6"]),
    .init(
        name: "nothing said, dual: the primary alone", cluster: v6v4, new: Net(), families: ["IPv6"],
        policy: .singleStack, claims: ["IPv6"]),
    .init(
        name: "prefer on one family", cluster: v4, new: Net(policy: .preferDualStack), families: ["IPv4"],
        policy: .preferDualStack, claims: ["IPv4"]),
    .init(
        name: "prefer on two", cluster: v4v6, new: Net(policy: .preferDualStack), families: ["IPv4", "IPv6"],
        policy: .preferDualStack, claims: ["IPv4", "IPv6"]),
    .init(
        name: "prefer, the other family first", cluster: v4v6,
        new: Net(families: ["IPv6"], policy: .preferDualStack), families: ["IPv6", "IPv4"],
        policy: .preferDualStack, claims: ["IPv6", "IPv4"]),
    .init(
        name: "require on two", cluster: v6v4, new: Net(policy: .requireDualStack), families: ["IPv6", "IPv4"],
        policy: .requireDualStack, claims: ["IPv6", "IPv4"]),
    .init(
        name: "require on one", cluster: v4, new: Net(policy: .requireDualStack),
        refusal: "this cluster is not configured for dual-stack services"),
    .init(
        name: "a family that the cluster has not", cluster: v4, new: Net(families: ["IPv6"]),
        refusal: "not configured on this cluster"),
    .init(
        name: "two families and no policy", cluster: v4v6, new: Net(families: ["IPv4", "IPv6"]),
        refusal: "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"),
    .init(
        name: "two addresses and no policy", cluster: v4v6,
        new: Net(clusterIP: "10.96.0.7", clusterIPs: ["10.96.0.7", "fd00::7"]),
        refusal: "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"),
    .init(
        name: "an address names its family", cluster: v4v6, new: Net(clusterIP: "fd00::7", clusterIPs: ["fd00::7"]),
        families: ["IPv6"], policy: .singleStack, claims: ["IPv6 fd00::7"]),
    .init(
        name: "an address and the other one drawn", cluster: v4v6,
        new: Net(clusterIP: "fd00::7", clusterIPs: ["fd00::7"], policy: .requireDualStack),
        families: ["IPv6", "IPv4"], policy: .requireDualStack, claims: ["IPv6 fd00::7", "IPv4"]),
    .init(
        name: "an address of a family that the cluster has not", cluster: v4,
        new: Net(clusterIP: "fd00::7", clusterIPs: ["fd00::7"]), refusal: "IPv6 is not configured on this cluster"),
    .init(
        name: "an address against its family", cluster: v4v6,
        new: Net(clusterIP: "fd00::7", clusterIPs: ["fd00::7"], families: ["IPv4"]),
        refusal: "expected an IPv4 value as indicated by `ipFamilies[0]`"),
    .init(
        name: "clusterIP and clusterIPs differ", cluster: v4,
        new: Net(clusterIP: "10.96.0.7", clusterIPs: ["10.96.0.8"]), refusal: "first value must match `clusterIP`"),
    .init(
        name: "two addresses of one family", cluster: v4v6,
        new: Net(clusterIP: "10.96.0.7", clusterIPs: ["10.96.0.7", "10.96.0.8"], policy: .requireDualStack),
        refusal: "may specify no more than one IP for each IP family"),
    .init(
        name: "no address at all", cluster: v4, new: Net(clusterIP: "ten", clusterIPs: ["ten"]),
        refusal: "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
    .init(
        name: "None with something", cluster: v4v6,
        new: Net(clusterIP: "None", clusterIPs: ["None", "10.96.0.8"], policy: .requireDualStack),
        refusal: "'None' must be the first and only value"),
    .init(
        name: "the same family twice", cluster: v4v6,
        new: Net(families: ["IPv4", "IPv4"], policy: .requireDualStack), refusal: "Duplicate value"),
    .init(
        name: "headless with a selector", cluster: v4v6, new: Net(clusterIP: "None", clusterIPs: ["None"]),
        families: ["IPv4"], policy: .singleStack),
    .init(
        name: "headless with a selector and two families", cluster: v4v6,
        new: Net(clusterIP: "None", clusterIPs: ["None"], policy: .preferDualStack), families: ["IPv4", "IPv6"],
        policy: .preferDualStack),
    .init(
        name: "headless without a selector: two families, even here", cluster: v4,
        new: Net(clusterIP: "None", clusterIPs: ["None"], hasSelector: false), families: ["IPv4", "IPv6"],
        policy: .requireDualStack),
    .init(
        name: "headless without a selector, single", cluster: v4v6,
        new: Net(clusterIP: "None", clusterIPs: ["None"], policy: .singleStack, hasSelector: false),
        families: ["IPv4"], policy: .singleStack),
    .init(name: "ExternalName gets nothing", cluster: v4v6, new: Net(type: .externalName)),
]

private let updated: [FamilyCase] = [
    .init(
        name: "unchanged", cluster: v4, new: stored(["10.96.0.7"], ["IPv4"], .singleStack),
        old: stored(["10.96.0.7"], ["IPv4"], .singleStack), families: ["IPv4"], policy: .singleStack),
    .init(
        name: "upgrade by policy", cluster: v4v6, new: stored(["10.96.0.7"], ["IPv4"], .requireDualStack),
        old: stored(["10.96.0.7"], ["IPv4"], .singleStack), families: ["IPv4", "IPv6"], policy: .requireDualStack,
        claims: ["IPv6"]),
    .init(
        name: "upgrade with a certain address", cluster: v4v6,
        new: stored(["10.96.0.7", "fd00::9"], ["IPv4"], .preferDualStack),
        old: stored(["10.96.0.7"], ["IPv4"], .singleStack), families: ["IPv4", "IPv6"], policy: .preferDualStack,
        claims: ["IPv6 fd00::9"]),
    .init(
        name: "upgrade on one family", cluster: v4, new: stored(["10.96.0.7"], ["IPv4"], .requireDualStack),
        old: stored(["10.96.0.7"], ["IPv4"], .singleStack),
        refusal: "this cluster is not configured for dual-stack services"),
    .init(
        name: "downgrade by policy alone", cluster: v4v6,
        new: stored(["10.96.0.7", "fd00::9"], ["IPv4", "IPv6"], .singleStack),
        old: stored(["10.96.0.7", "fd00::9"], ["IPv4", "IPv6"], .requireDualStack), families: ["IPv4"],
        policy: .singleStack, releases: ["fd00::9"]),
    .init(
        name: "downgrade without the policy", cluster: v4v6,
        new: stored(["10.96.0.7"], ["IPv4"], .requireDualStack),
        old: stored(["10.96.0.7", "fd00::9"], ["IPv4", "IPv6"], .requireDualStack),
        refusal: "must be 'SingleStack' to release the secondary cluster IP"),
    .init(
        name: "prefers two and is let alone when the cluster gets a second", cluster: v4v6,
        new: stored(["10.96.0.7"], ["IPv4"], .preferDualStack),
        old: stored(["10.96.0.7"], ["IPv4"], .preferDualStack), families: ["IPv4"], policy: .preferDualStack),
    .init(
        name: "to ExternalName", cluster: v4v6, new: Net(type: .externalName),
        old: stored(["10.96.0.7", "fd00::9"], ["IPv4", "IPv6"], .requireDualStack),
        releases: ["10.96.0.7", "fd00::9"]),
    .init(
        name: "from ExternalName", cluster: v4, new: Net(), old: Net(type: .externalName), families: ["IPv4"],
        policy: .singleStack, claims: ["IPv4"]),
    .init(
        name: "headless stays so", cluster: v4,
        new: Net(clusterIP: "None", clusterIPs: ["None"], families: ["IPv4"], policy: .singleStack),
        old: Net(clusterIP: "None", clusterIPs: ["None"], families: ["IPv4"], policy: .singleStack),
        families: ["IPv4"], policy: .singleStack),
]

@Suite struct ServiceIPPlanTests {
    @Test("families, policy and addresses follow from what was written", arguments: created + updated)
    func plan(_ test: FamilyCase) throws {
        var service = test.new
        do throws(ServiceFieldErrors) {
            let plan = try ServiceIPPlan.make(&service, old: test.old, families: test.cluster)
            #expect(test.refusal == nil)
            #expect(service.families == test.families)
            #expect(service.policy == test.policy?.rawValue)
            let claims = plan.claims.map { claim in
                claim.family.apiName + (claim.requested.map { " \($0)" } ?? "")
            }
            #expect(claims == test.claims)
            #expect(plan.releases.map(\.description) == test.releases)
        } catch {
            let refusal = try #require(test.refusal, "refused: \(error.causes)")
            #expect(error.causes.contains { $0.message.contains(refusal) }, "\(error.causes)")
        }
    }

    @Test(
        "the primary address never changes, the secondary one only with the policy",
        arguments: [
            (["10.96.0.8"], ["IPv4"], IPFamilyPolicy.singleStack, ["spec.clusterIPs[0]"]),
            (["10.96.0.7"], ["IPv4"], .singleStack, []),
            (["10.96.0.7", "fd00::9"], ["IPv4", "IPv6"], .requireDualStack, []),
            (["10.96.0.8", "fd00::9"], ["IPv4", "IPv6"], .requireDualStack, ["spec.clusterIPs[0]"]),
            (
                ["fd00::9", "10.96.0.7"], ["IPv6", "IPv4"], .requireDualStack,
                ["spec.clusterIPs[0]", "spec.ipFamilies[0]"]
            ),
        ])
    func immutable(addresses: [String], families: [String], policy: IPFamilyPolicy, fields: [String]) {
        let old = stored(["10.96.0.7"], ["IPv4"], .singleStack)
        #expect(stored(addresses, families, policy).immutableAddressCauses(old: old).map(\.field) == fields)
    }

    @Test("what a client leaves out of a replacement stays; a change of the type drops what has no use")
    func carriedOver() {
        var old = stored(["10.96.0.7"], ["IPv4"], .singleStack, type: .nodePort)
        old.ports = [.init(name: "a", port: 80, nodePort: 30080), .init(name: "b", port: 81, nodePort: 30081)]
        old.externalTrafficPolicy = "Cluster"

        var bare = Net(
            type: .nodePort, ports: [.init(name: "a", port: 80), .init(name: "c", port: 82, nodePort: 30081)])
        bare.normalizeClusterIPs(old: old)
        bare.dropFieldsOfFormerType(old: old)
        bare.keepAssigned(from: old)
        #expect(bare.clusterIPs == ["10.96.0.7"])
        #expect(bare.ports.map(\.nodePort) == [30080, 30081])

        var external = old
        external.type = .externalName
        external.dropFieldsOfFormerType(old: old)
        external.keepAssigned(from: old)
        #expect(external.clusterIPs.isEmpty && external.families.isEmpty && external.policy == nil)
        #expect(external.allNodePorts.isEmpty && external.externalTrafficPolicy.isEmpty)

        var changed = old
        changed.clusterIP = ""
        changed.normalizeClusterIPs(old: old)
        #expect(changed.clusterIPs.isEmpty)
    }
}
