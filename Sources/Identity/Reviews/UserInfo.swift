package import JSON

extension User {
    /// authentication.k8s.io UserInfo, without what is empty.
    package var userInfo: JSONValue {
        var object = JSONObject()
        if !name.isEmpty { object.append("username", .string(name)) }
        if !uid.isEmpty { object.append("uid", .string(uid)) }
        if !groups.isEmpty { object.append("groups", .array(groups.map { .string($0) })) }
        if !extra.isEmpty {
            object.append(
                "extra",
                .object(
                    JSONObject(
                        extra.sorted { $0.key < $1.key }.map { key, values in
                            (key, .array(values.map { .string($0) }))
                        })))
        }
        return .object(object)
    }

    /// The user that a SubjectAccessReview's specification describes.
    init(reviewSpec spec: JSONValue) {
        var extra: [String: [String]] = [:]
        for member in spec.member("extra")?.object?.members ?? [] {
            extra[member.key] = member.value.array?.compactMap(\.string) ?? []
        }
        self.init(
            name: spec.member("user")?.string ?? "", uid: spec.member("uid")?.string ?? "",
            groups: spec.member("groups")?.array?.compactMap(\.string) ?? [], extra: extra)
    }
}
