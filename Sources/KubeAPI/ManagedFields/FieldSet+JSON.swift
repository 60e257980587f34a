package import JSON

extension FieldSet {
    /// The object of `fieldsV1`: `{"f:spec":{"f:replicas":{}}}`; a path that ends where others go on has a `"."`.
    package var json: JSONValue {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(children.count + 1)
        if isMember, !children.isEmpty { members.append(.init(key: ".", value: [:])) }
        for child in children { members.append(.init(key: child.element.text, value: child.set.json)) }
        return .object(JSONObject(uncheckedMembers: members))
    }

    /// Reads `fieldsV1`; nil when it is none.
    package init?(json: JSONValue) {
        guard let set = FieldSet(below: json) else { return nil }
        self = set
        // Of the object as a whole nobody is the owner.
        isMember = false
    }

    private init?(below json: JSONValue) {
        guard let members = json.object?.members else { return nil }
        var isMember = members.isEmpty
        var children: [Child] = []
        children.reserveCapacity(members.count)
        for member in members {
            if member.key == "." {
                isMember = true
                continue
            }
            guard let element = PathElement(member.key), let set = FieldSet(below: member.value) else { return nil }
            children.append(Child(element: element, set: set))
        }
        self.init(isMember: isMember, unsorted: children)
    }
}
