internal import JSON

/// How one configuration differs from another, and what of that needs a new process.
package struct ConfigurationChanges: Hashable, Sendable {
    package struct Change: Hashable, Sendable, CustomStringConvertible {
        package var key: String
        /// As it would stand in a JSON file.
        package var before: String
        package var after: String

        package var description: String { "\(key) from \(before) to \(after)" }
    }

    /// What a running proxy takes over.
    package var live: [Change] = []
    /// What waits for a restart.
    package var restart: [Change] = []

    package var isEmpty: Bool { live.isEmpty && restart.isEmpty }
}

extension ProxyConfiguration {
    package static func changes(from before: ProxyConfiguration, to after: ProxyConfiguration) -> ConfigurationChanges {
        var changes = ConfigurationChanges()
        for key in ConfigurationKey.all {
            let (old, new) = (key.write(before), key.write(after))
            if old == new { continue }
            let change = ConfigurationChanges.Change(
                key: key.path, before: old.serialized(), after: new.serialized())
            switch key.change {
            case .live: changes.live.append(change)
            case .restart: changes.restart.append(change)
            }
        }
        return changes
    }

    /// This one with all of the other's that needs no restart: what a running proxy goes by when its file has changed.
    package func adopting(_ other: ProxyConfiguration) -> ProxyConfiguration {
        var adopted = self
        for key in ConfigurationKey.all where key.change == .live { key.copy(other, &adopted) }
        return adopted
    }
}
