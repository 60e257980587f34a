internal import Daemon

extension ProxyConfiguration {
    /// What is wrong between keys, each being right by itself.
    func brokenRules() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        // As in kube-proxy, the section of another mode may say what it likes.
        let section = mode == .nftables ? "nftables" : "iptables"
        if ruleset.minSyncPeriod > ruleset.syncPeriod {
            let most = GoDuration.text(ruleset.syncPeriod)
            problems.append(
                Violation(
                    GoDuration.text(ruleset.minSyncPeriod), "must be at most \(section).syncPeriod, which is \(most)"
                ).problem("\(section).minSyncPeriod"))
        }
        switch detectLocal {
        case .bridgeInterface(""):
            problems.append(
                Violation("missing", "must name the pods' bridge with detectLocalMode BridgeInterface")
                    .problem("detectLocal.bridgeInterface"))
        case .interfaceNamePrefix(""):
            problems.append(
                Violation("missing", "must not be empty with detectLocalMode InterfaceNamePrefix")
                    .problem("detectLocal.interfaceNamePrefix"))
        default: break
        }
        return problems
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
