package import KubeAPI

/// The resources that are served: the built-in ones, and those that CustomResourceDefinitions describe.
package final class ServedTypes {
    /// In the order of discovery.
    package private(set) var all: [ResourceType]
    /// The groups' versions, the preferred one of each group first.
    package private(set) var groupVersions: [GroupVersion]
    /// Counts changes, for what is derived from the types and kept.
    package private(set) var generation = 0
    private var byPath: [GroupVersion: [String: ResourceType]] = [:]
    private var byStorage: [StoragePrefix: ResourceType] = [:]
    private let builtin: APICatalog

    package init(_ builtin: APICatalog = .builtin) {
        self.builtin = builtin
        all = builtin.resources
        groupVersions = builtin.groupVersions
        index()
    }

    package func type(_ groupVersion: GroupVersion, _ plural: String) -> ResourceType? {
        byPath[groupVersion]?[plural]
    }

    package func serves(_ groupVersion: GroupVersion) -> Bool { byPath[groupVersion] != nil }

    /// In its preferred version, which is the one in which we store it.
    package func type(of storage: StoragePrefix) -> ResourceType? { byStorage[storage] }

    /// The type of an object of this kind in this version.
    package func type(of kind: GroupVersionKind) -> ResourceType? {
        all.first { $0.groupVersion == kind.groupVersion && $0.kind == kind.kind }
    }

    package func types(of groupVersion: GroupVersion) -> [ResourceType] {
        all.filter { $0.groupVersion == groupVersion }
    }

    /// Everything with objects in the store, each in its preferred version.
    package var stored: [ResourceType] {
        all.filter { $0.verbs.contains(.list) && byStorage[StoragePrefix($0)] === $0 }
    }

    /// Replaces all custom resources, the preferred version of each first.
    package func setCustom(_ types: [ResourceType]) {
        all = builtin.resources + types
        groupVersions = builtin.groupVersions
        for type in types where !groupVersions.contains(type.groupVersion) { groupVersions.append(type.groupVersion) }
        generation += 1
        index()
    }

    private func index() {
        byPath = [:]
        byStorage = [:]
        for type in all {
            byPath[type.groupVersion, default: [:]][type.plural] = type
            guard type.verbs.contains(.list) else { continue }
            let storage = StoragePrefix(type)
            // Events are stored as core's, which the catalog lists first; other versions by preference.
            if byStorage[storage] == nil { byStorage[storage] = type }
        }
    }
}
