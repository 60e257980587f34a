/// A group and version of the API: "apps/v1"; the core group's name is empty: "v1".
package struct GroupVersion: Hashable, Sendable, CustomStringConvertible {
    package var group: String
    package var version: String

    package init(group: String, version: String) {
        self.group = group
        self.version = version
    }

    /// Parses an object's `apiVersion`; nil for an empty one and for more than one slash.
    package init?(apiVersion: String) {
        let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1 where !parts[0].isEmpty: self.init(group: "", version: apiVersion)
        case 2 where !parts[1].isEmpty: self.init(group: String(parts[0]), version: String(parts[1]))
        default: return nil
        }
    }

    /// As an object's `apiVersion` says it.
    package var description: String { group.isEmpty ? version : "\(group)/\(version)" }
}

/// The type of an object.
package struct GroupVersionKind: Hashable, Sendable, CustomStringConvertible {
    package var group: String
    package var version: String
    package var kind: String

    package init(group: String, version: String, kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }

    package init(_ groupVersion: GroupVersion, _ kind: String) {
        self.init(group: groupVersion.group, version: groupVersion.version, kind: kind)
    }

    package var groupVersion: GroupVersion { GroupVersion(group: group, version: version) }
    package var apiVersion: String { groupVersion.description }
    package var groupKind: GroupKind { GroupKind(group: group, kind: kind) }

    /// As upstream's messages say it: "apps/v1, Kind=Deployment".
    package var description: String { "\(apiVersion), Kind=\(kind)" }
}

/// A resource whatever its version; as upstream's messages say it: "deployments.apps", "pods".
package struct GroupResource: Hashable, Sendable, CustomStringConvertible {
    package var group: String
    package var resource: String

    package init(group: String, resource: String) {
        self.group = group
        self.resource = resource
    }

    package var description: String { group.isEmpty ? resource : "\(resource).\(group)" }
}

/// A kind whatever its version; as upstream's messages say it: "Deployment.apps", "Pod".
package struct GroupKind: Hashable, Sendable, CustomStringConvertible {
    package var group: String
    package var kind: String

    package init(group: String, kind: String) {
        self.group = group
        self.kind = kind
    }

    package var description: String { group.isEmpty ? kind : "\(kind).\(group)" }
}
