extension ProxyConfiguration {
    /// What is wrong between keys, each being right by itself. Of keys that are wrong by themselves nothing is known, so
    /// that no rule is asked about them.
    func brokenRules(without wrongKeys: Set<String> = []) -> [ConfigurationProblem] {
        let rules = [periodRule] + localTrafficRules
        return rules.compactMap { rule in
            guard let (key, violation) = rule.broken, wrongKeys.isDisjoint(with: rule.keys) else { return nil }
            return violation.problem(key)
        }
    }

    private typealias Rule = (keys: [String], broken: (key: String, violation: Violation)?)

    /// As in kube-proxy, the section of another mode may say what it likes.
    private var periodRule: Rule {
        let section = mode == .nftables ? "nftables" : "iptables"
        let (key, other) = ("\(section).minSyncPeriod", "\(section).syncPeriod")
        let keys = ["mode", key, other]
        if ruleset.minSyncPeriod <= ruleset.syncPeriod { return (keys, nil) }
        let most = GoDuration.text(ruleset.syncPeriod)
        let violation = Violation(GoDuration.text(ruleset.minSyncPeriod), "must be at most \(other), which is \(most)")
        return (keys, (key, violation))
    }

    private var localTrafficRules: [Rule] {
        let (mode, bridge, prefix) = (
            "detectLocalMode", "detectLocal.bridgeInterface", "detectLocal.interfaceNamePrefix"
        )
        return switch detectLocal {
        case .bridgeInterface(""):
            [
                (
                    [mode, bridge],
                    (bridge, Violation("missing", "must name the pods' bridge with \(mode) BridgeInterface"))
                )
            ]
        case .interfaceNamePrefix(""):
            [([mode, prefix], (prefix, Violation("missing", "must not be empty with \(mode) InterfaceNamePrefix")))]
        default: []
        }
    }

    /// What is asked for, and is not to be had here.
    func withoutEffect() -> [ConfigurationNote] {
        let defaults = ProxyConfiguration()
        var notes = ConfigurationKey.all.compactMap { key in
            key.withoutEffect.flatMap { reason in
                key.write(self) == key.write(defaults)
                    ? nil : ConfigurationNote(.ignored, key.path, "ignored: \(reason)")
            }
        }
        let unknown = featureGates.keys.filter { FeatureGate(rawValue: $0) == nil }.sorted()
        if !unknown.isEmpty {
            notes.append(
                ConfigurationNote(.ignored, "featureGates", "without effect: \(unknown.joined(separator: ", "))"))
        }
        return notes
    }
}
