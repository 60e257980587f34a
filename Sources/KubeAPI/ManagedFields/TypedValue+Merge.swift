internal import JSON

extension TypedValue {
    /// The live value with everything that the configuration says.
    static func merged(_ live: JSONValue, _ configuration: JSONValue, _ type: FieldType) -> JSONValue {
        switch (type.shape(of: live), type.shape(of: configuration), live, configuration) {
        case (.map, .map, .object(let own), .object(let new)) where !own.isEmpty || !new.isEmpty:
            var editor = MemberEditor(own)
            for member in new.members {
                editor[member.key] =
                    editor[member.key].map { merged($0, member.value, type.member(member.key)) } ?? member.value
            }
            return .object(editor.object)
        case (.list(let keys), .list, .array(let own), .array(let new)) where !own.isEmpty && !new.isEmpty:
            return .array(merged(own, new, type, keys))
        case (.map, .map, .object(let own), .null) where !own.isEmpty: return live
        case (.list, .list, .array(let own), let new) where !own.isEmpty && (new.array ?? []).isEmpty: return live
        default: return configuration
        }
    }

    /// Elements of the configuration come in its order, those that only the live list has keep their places between
    /// them.
    private static func merged(
        _ own: [JSONValue], _ new: [JSONValue], _ type: FieldType, _ keys: [String]
    ) -> [JSONValue] {
        let left = own.enumerated().map { type.pathElement($1, keys: keys) ?? .index($0) }
        let right = new.enumerated().map { type.pathElement($1, keys: keys) ?? .index($0) }
        let (liveItems, newItems) = (IndexedList(own, type, keys), IndexedList(new, type, keys))
        var shared = right.filter(liveItems.contains)[...]
        var taken: Set<PathElement> = []
        var result: [JSONValue] = []
        result.reserveCapacity(own.count + new.count)

        func take(_ element: PathElement) {
            taken.insert(element)
            let live = liveItems[element]
            guard let item = newItems[element].first else { return }
            result.append(live.count == 1 ? merged(live[0], item, type.element) : item)
            if shared.first == element { shared.removeFirst() }
        }

        var (i, j) = (0, 0)
        while i < left.count || j < right.count {
            if i < left.count, j < right.count {
                if left[i] == right[j] {
                    take(right[j])
                    i += 1
                    j += 1
                    continue
                }
                // In both, and its turn comes later.
                if newItems.contains(left[i]), let next = shared.first, next != left[i] {
                    i += 1
                    continue
                }
            }
            if i < left.count {
                if !newItems.contains(left[i]) {
                    result.append(own[i])
                    i += 1
                    continue
                }
                if taken.contains(left[i]) {
                    i += 1
                    continue
                }
            }
            if j < right.count {
                take(right[j])
                j += 1
            } else {
                i += 1
            }
        }
        return result
    }

    /// The value without the fields of a set; nil when nothing of it is left. An object or list that this empties stays
    /// where it is itself among the fields to keep: somebody wants it to be empty.
    static func removing(
        _ fields: FieldSet, keeping kept: FieldSet, from value: JSONValue, _ type: FieldType
    ) -> JSONValue? {
        switch (type.shape(of: value), value) {
        case (.map, .object(let object)):
            let members = object.members.compactMap { member -> JSONObject.Member? in
                let element = PathElement.field(member.key)
                guard let below = fields[element] else { return member }
                if below.isMember { return nil }
                let kept = kept[element] ?? FieldSet()
                return removing(below, keeping: kept, from: member.value, type.member(member.key)).map {
                    .init(key: member.key, value: $0)
                }
            }
            return members.isEmpty && !kept.isMember ? nil : .object(JSONObject(uncheckedMembers: members))
        case (.list(let keys), .array(let items)):
            let left = items.enumerated().compactMap { index, item -> JSONValue? in
                let element = type.pathElement(item, keys: keys) ?? .index(index)
                guard let below = fields[element] else { return item }
                if below.isMember { return nil }
                return removing(below, keeping: kept[element] ?? FieldSet(), from: item, type.element)
            }
            return left.isEmpty && !kept.isMember ? nil : .array(left)
        default: return value
        }
    }
}
