internal import HTTP
internal import JSON
internal import KubeAPI

/// What the server serves, as clients ask for it before anything else: `/api`, `/apis` and what is below them, in the
/// form of old (a document a version) and in the aggregated one (one document for all).
struct Discovery {
    private let server: APIServer
    private var types: ServedTypes { server.types }

    init(_ server: APIServer) { self.server = server }

    /// False when the path is none of discovery's.
    func answer(_ call: APICall) throws(APIStatus) -> Bool {
        let parts = call.info.path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("api", 1), ("apis", 1): try root(call, isCore: parts[0] == "api")
        case ("api", 2): try version(call, GroupVersion(group: "", version: parts[1]))
        case ("apis", 2): try group(call, parts[1])
        case ("apis", 3): try version(call, GroupVersion(group: parts[1], version: parts[2]))
        default: return false
        }
        return true
    }

    private func root(_ call: APICall, isCore: Bool) throws(APIStatus) {
        guard let form = AnswerForm.negotiate(accept: call.accept, for: .discovery) else {
            throw .notAcceptable(BodyDecoder.accepted)
        }
        call.form = form
        if case .aggregatedDiscovery(let version) = form.rendering {
            return answer(call, aggregated(isCore: isCore, version: version), isTagged: true)
        }
        answer(call, isCore ? Self.coreVersions(call) : groupList())
    }

    private func group(_ call: APICall, _ name: String) throws(APIStatus) {
        guard let group = groups.first(where: { $0.name == name }) else {
            return call.text("404 page not found\n", code: 404)
        }
        try negotiatePlain(call)
        var object = JSONObject([("kind", "APIGroup"), ("apiVersion", "v1")])
        for member in describe(group).pairs() { object[member.key] = member.value }
        answer(call, .object(object))
    }

    private func version(_ call: APICall, _ groupVersion: GroupVersion) throws(APIStatus) {
        guard types.serves(groupVersion) else { return call.text("404 page not found\n", code: 404) }
        try negotiatePlain(call)
        answer(call, resourceList(groupVersion))
    }

    private func negotiatePlain(_ call: APICall) throws(APIStatus) {
        guard let form = AnswerForm.negotiate(accept: call.accept, for: .plain) else {
            throw .notAcceptable(BodyDecoder.accepted)
        }
        call.form = form
    }

    private func answer(_ call: APICall, _ value: JSONValue, isTagged: Bool = false) {
        var (bytes, contentType) = Renderer.document(value, as: call.form.encoding)
        if case .aggregatedDiscovery = call.form.rendering, contentType == call.form.encoding.rawValue {
            contentType = call.form.contentType()
        }
        guard isTagged else { return call.answer(200, contentType: contentType, bytes) }
        EntityTag.answer(call, contentType: contentType, bytes)
    }

    // MARK: Documents

    private struct Group {
        var name: String
        /// The preferred one first.
        var versions: [GroupVersion]
    }

    private var groups: [Group] {
        var groups: [Group] = []
        for groupVersion in types.groupVersions {
            if let index = groups.firstIndex(where: { $0.name == groupVersion.group }) {
                groups[index].versions.append(groupVersion)
            } else {
                groups.append(Group(name: groupVersion.group, versions: [groupVersion]))
            }
        }
        return groups
    }

    private static func coreVersions(_ call: APICall) -> JSONValue {
        let host = call.headers["host"] ?? call.headers[":authority"] ?? ""
        return [
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": .string(host)]],
        ]
    }

    private func groupList() -> JSONValue {
        [
            "kind": "APIGroupList", "apiVersion": "v1",
            "groups": .array(groups.filter { !$0.name.isEmpty }.map(describe)),
        ]
    }

    private func describe(_ group: Group) -> JSONValue {
        let versions = group.versions.map { version -> JSONValue in
            ["groupVersion": .string(version.description), "version": .string(version.version)]
        }
        return [
            "name": .string(group.name), "versions": .array(versions), "preferredVersion": versions.first ?? [:],
        ]
    }

    private func resourceList(_ groupVersion: GroupVersion) -> JSONValue {
        var resources: [JSONValue] = []
        for type in types.types(of: groupVersion).sorted(by: { $0.plural < $1.plural }) {
            resources.append(describe(type))
            resources += type.subresources.map { describe($0, of: type) }
        }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(groupVersion.description),
            "resources": .array(resources),
        ]
    }

    private func describe(_ type: ResourceType) -> JSONValue {
        var object = JSONObject([
            ("name", .string(type.plural)), ("singularName", .string(type.singular)),
            ("namespaced", .bool(type.isNamespaced)), ("kind", .string(type.kind)), ("verbs", .texts(type.verbs.words)),
        ])
        if !type.shortNames.isEmpty { object["shortNames"] = .texts(type.shortNames) }
        if !type.categories.isEmpty { object["categories"] = .texts(type.categories) }
        if type.verbs.contains(.list) { object["storageVersionHash"] = .string(storageVersionHash(type)) }
        return .object(object)
    }

    private func describe(_ subresource: Subresource, of type: ResourceType) -> JSONValue {
        var object = JSONObject([
            ("name", .string("\(type.plural)/\(subresource.name)")), ("singularName", ""),
            ("namespaced", .bool(type.isNamespaced)),
        ])
        if subresource.kind.groupVersion != type.groupVersion {
            object["group"] = .string(subresource.kind.group)
            object["version"] = .string(subresource.kind.version)
        }
        object["kind"] = .string(subresource.kind.kind)
        object["verbs"] = .texts(subresource.verbs.words)
        return .object(object)
    }

    /// Something that changes when objects are stored in another version.
    private func storageVersionHash(_ type: ResourceType) -> String {
        let stored = types.type(of: StoragePrefix(type)) ?? type
        return Base64.encode(Array(EntityTag.hash(Array("\(stored.gvk)".utf8)).prefix(8)))
    }

    // MARK: Aggregated

    private func aggregated(isCore: Bool, version: String) -> JSONValue {
        let items = groups.filter { $0.name.isEmpty == isCore }.map { group -> JSONValue in
            let metadata: JSONValue =
                isCore
                ? ["creationTimestamp": nil] : ["name": .string(group.name), "creationTimestamp": nil]
            let versions = group.versions.map { groupVersion -> JSONValue in
                let resources = types.types(of: groupVersion).sorted { $0.plural < $1.plural }
                return [
                    "version": .string(groupVersion.version), "resources": .array(resources.map(aggregate)),
                    "freshness": "Current",
                ]
            }
            return ["metadata": metadata, "versions": .array(versions)]
        }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"), "metadata": [:],
            "items": .array(items),
        ]
    }

    private func aggregate(_ type: ResourceType) -> JSONValue {
        var object = JSONObject([
            ("resource", .string(type.plural)),
            ("responseKind", Self.responseKind(type.gvk, of: type)),
            ("scope", type.isNamespaced ? "Namespaced" : "Cluster"), ("singularResource", .string(type.singular)),
            ("verbs", .texts(type.verbs.words)),
        ])
        if !type.shortNames.isEmpty { object["shortNames"] = .texts(type.shortNames) }
        if !type.categories.isEmpty { object["categories"] = .texts(type.categories) }
        if !type.subresources.isEmpty {
            object["subresources"] = .array(
                type.subresources.map { subresource in
                    [
                        "subresource": .string(subresource.name),
                        "responseKind": Self.responseKind(subresource.kind, of: type),
                        "verbs": .texts(subresource.verbs.words),
                    ]
                })
        }
        return .object(object)
    }

    private static func responseKind(_ kind: GroupVersionKind, of type: ResourceType) -> JSONValue {
        // Empty means the group and version at hand.
        let isOwn = kind.groupVersion == type.groupVersion
        return [
            "group": .string(isOwn ? "" : kind.group), "version": .string(isOwn ? "" : kind.version),
            "kind": .string(kind.kind),
        ]
    }
}
