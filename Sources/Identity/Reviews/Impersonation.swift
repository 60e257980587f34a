package import KubeAPI

/// Acting as somebody else (`kubectl --as`): the headers `Impersonate-…`, each checked with the verb `impersonate`.
package struct Impersonation: Hashable, Sendable {
    package var user: String
    package var uid: String
    package var groups: [String]
    package var extra: [String: [String]]

    /// Nil when no header asks for it. Throws for headers that need a user and have none.
    /// `headers` are names in any case, and values.
    package init?(headers: some Sequence<(name: String, value: String)>) throws(APIStatus) {
        (user, uid, groups, extra) = ("", "", [], [:])
        for (name, value) in headers {
            let name = name.lowercased()
            guard name.hasPrefix("impersonate-") else { continue }
            switch name {
            case "impersonate-user": user = value
            case "impersonate-uid": uid = value
            case "impersonate-group": groups.append(value)
            case let name where name.hasPrefix("impersonate-extra-"):
                extra[Self.unescaped(name.dropFirst("impersonate-extra-".count)), default: []].append(value)
            default: continue
            }
        }
        if user.isEmpty {
            if uid.isEmpty && groups.isEmpty && extra.isEmpty { return nil }
            throw .internalError(
                "requested \(FieldCause.quoted(uid)) uid, \(groups) groups, \(extra.count) extra "
                    + "without impersonating a user")
        }
    }

    /// The user that the request counts as from here on. Throws the 403 of the first thing that the real one may not be.
    package func apply(to requester: User, authorize: (AccessRequest) -> Decision) throws(APIStatus) -> User {
        func check(_ group: String, _ resource: String, _ name: String, namespace: String = "", sub: String = "")
            throws(APIStatus)
        {
            let request = AccessRequest(
                user: requester, verb: "impersonate", apiGroup: group, apiVersion: "v1", resource: resource,
                subresource: sub, namespace: namespace, name: name)
            let decision = authorize(request)
            if !decision.isAllowed { throw request.forbidden(decision.reason) }
        }
        var target = User(name: user, uid: uid, groups: groups, extra: extra)
        if let account = target.serviceAccount {
            try check("", "serviceaccounts", account.name, namespace: account.namespace)
            if groups.isEmpty {
                target.groups = [User.Group.serviceAccounts, User.Group.serviceAccounts(in: account.namespace)]
            }
        } else {
            try check("", "users", user)
        }
        for group in groups { try check("", "groups", group) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            for value in values { try check("authentication.k8s.io", "userextras", value, sub: key) }
        }
        if !uid.isEmpty { try check("authentication.k8s.io", "uids", uid) }
        if target.isAnonymous {
            if !target.groups.contains(User.Group.unauthenticated) { target.groups.append(User.Group.unauthenticated) }
            return target
        }
        return target.withAuthenticatedGroup
    }

    /// A header's name holds a key percent-encoded; what is no encoding stays.
    private static func unescaped(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(value)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
