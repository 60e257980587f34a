internal import Store

extension ObjectCache {
    /// The objects that the filter means, in order, as they are or as they were at a revision; nil when that is too long
    /// ago. `start` is the first path that may be in it. One page has no more than `limit`, 0 for no limit;
    /// `continuation` says where the next begins.
    func list(
        _ storage: StoragePrefix, _ filter: ObjectFilter, at revision: Revision? = nil, from start: String = "",
        limit: Int = 0
    ) -> ListPage? {
        var undone: [String: CachedObject?] = [:]
        if let revision, revision < self.revision {
            guard let later = ring.changes(of: storage, after: revision) else { return nil }
            // The first change after the revision says what there was.
            for change in later where undone[change.object.path] == nil {
                undone.updateValue(change.previous, forKey: change.object.path)
            }
        }
        if let path = filter.path {
            return single(path, storage, filter, undone, revision)
        }
        var page = ListPage(objects: [], revision: revision ?? self.revision)
        var next: String?
        var remaining = 0
        let visit: (CachedObject) -> Bool = { object in
            if limit > 0, page.objects.count == limit {
                // Selectors make counting dear, and upstream does not count then either.
                guard next != nil || filter.selects(object) else { return true }
                if next == nil { next = object.path }
                remaining += 1
                return !filter.isSelective
            }
            if filter.selects(object) { page.objects.append(object) }
            return true
        }
        if undone.isEmpty {
            self[storage].forEach(prefix: filter.prefix, from: start, visit)
        } else {
            forEachMerged(self[storage], undone, prefix: filter.prefix, from: start, visit)
        }
        if let next {
            page.continuation = ContinueToken(revision: page.revision, start: next).text
            if !filter.isSelective { page.remaining = remaining }
        }
        return page
    }

    private func single(
        _ path: String, _ storage: StoragePrefix, _ filter: ObjectFilter, _ undone: [String: CachedObject?],
        _ revision: Revision?
    ) -> ListPage {
        let object = undone[path] ?? self.object(storage, path)
        let found = object.flatMap { filter.selects($0) ? $0 : nil }
        return ListPage(objects: found.map { [$0] } ?? [], revision: revision ?? self.revision)
    }

    /// The table's objects, each replaced by what was there before; those that are gone meanwhile come in between.
    private func forEachMerged(
        _ table: OrderedObjects, _ undone: [String: CachedObject?], prefix: String, from start: String,
        _ body: (CachedObject) -> Bool
    ) {
        let old = undone.values.compactMap { $0 }.filter {
            (prefix.isEmpty || $0.path.utf8.starts(with: prefix.utf8)) && !precedes($0.path, start)
        }.sorted { precedes($0.path, $1.path) }
        var pending = old[...]
        var goesOn = true
        table.forEach(prefix: prefix, from: start) { object in
            while goesOn, let first = pending.first, !precedes(object.path, first.path) {
                pending.removeFirst()
                goesOn = body(first)
            }
            if goesOn, undone[object.path] == nil { goesOn = body(object) }
            return goesOn
        }
        while goesOn, let first = pending.popFirst() { goesOn = body(first) }
    }
}
