internal import Linux
internal import NetTypes

/// Which of the variants the host uses: rules of both would be run, but who looks for ours looks in one.
package struct IPTablesChoice: Sendable {
    /// Those to write with, one a family.
    package private(set) var programs: [IPTablesPrograms]
    /// Those of the other variant, which may have leftovers.
    package private(set) var others: [IPTablesPrograms]
    /// Why this variant.
    package private(set) var reason: String

    package var variant: IPTablesVariant? { programs.first?.variant }

    /// `installed` are all that there are; `hostVariant` is what the host's own `iptables` is.
    package init(
        _ installed: [IPTablesPrograms], hostVariant: IPTablesVariant, read: (IPTablesPrograms) -> IPTablesDump?
    ) {
        var working: [IPTablesPrograms] = []
        var ours: Set<IPTablesVariant> = []
        var hinted: Set<IPTablesVariant> = []
        var rules: [IPTablesVariant: Int] = [:]
        for programs in installed {
            guard let dump = read(programs) else { continue }
            working.append(programs)
            if !dump.ownRules.isEmpty { ours.insert(programs.variant) }
            if dump.hasKubeletHint { hinted.insert(programs.variant) }
            rules[programs.variant, default: 0] += dump.ruleCount
        }
        let (choice, reason) = Self.choose(Set(working.map(\.variant)), ours, hinted, rules, hostVariant)
        self.reason = reason
        programs = working.filter { $0.variant == choice }
        others = working.filter { $0.variant != choice }
    }

    private static func choose(
        _ works: Set<IPTablesVariant>, _ ours: Set<IPTablesVariant>, _ hinted: Set<IPTablesVariant>,
        _ rules: [IPTablesVariant: Int], _ host: IPTablesVariant
    ) -> (IPTablesVariant, String) {
        let works = IPTablesVariant.allCases.filter(works.contains)
        if works.count == 1 { return (works[0], "the only one that works here") }
        // A restart leaves them where they are.
        if ours.count == 1, let choice = ours.first { return (choice, "it has our rules") }
        // Both hints: one is of an earlier kubelet, and upstream's own wrapper believes in nft then.
        if let choice = hinted.contains(.nft) ? .nft : hinted.first { return (choice, "the kubelet's hint is in it") }
        let (legacy, nft) = (rules[.legacy] ?? 0, rules[.nft] ?? 0)
        if legacy != nft { return (legacy > nft ? .legacy : .nft, "it has more rules") }
        return (host, "it is what iptables is on this host")
    }

    /// As the host is.
    package init(_ installed: [IPTablesPrograms] = IPTablesPrograms.installed()) {
        let generic = installed.first { $0.family == .v4 }.map { programs in
            String(programs.restore.prefix { $0 != "-" }) + "-restore"
        }
        let host =
            generic.flatMap { Files.isExecutable($0) ? IPTablesPrograms.hostVariant($0) : nil }
            ?? installed.first?.variant ?? .legacy
        self.init(installed, hostVariant: host) { programs in try? programs.dump() }
    }
}

extension IPTablesDump {
    /// The kubelet makes a chain in the variant that it uses, so that others may find out: KUBE-IPTABLES-HINT, and before
    /// 1.24 the canary alone.
    fileprivate var hasKubeletHint: Bool {
        guard let chains = tables["mangle"]?.chains else { return false }
        return chains["KUBE-IPTABLES-HINT"] != nil || chains["KUBE-KUBELET-CANARY"] != nil
    }
}
