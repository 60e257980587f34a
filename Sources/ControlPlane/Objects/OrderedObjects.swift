/// Objects in the order of their paths, in chunks, so that neither an insertion nor a page of a list costs more than a
/// chunk, however many objects there are.
package struct OrderedObjects {
    private static let chunkLimit = 512
    /// No chunk is empty.
    private var chunks: [[CachedObject]] = []
    package private(set) var count = 0

    package init() {}

    /// From objects in any order, of which no two have the same path.
    package init(_ objects: [CachedObject]) {
        let sorted = objects.sorted { precedes($0.path, $1.path) }
        count = sorted.count
        var start = 0
        while start < sorted.count {
            let end = min(start + Self.chunkLimit / 2, sorted.count)
            chunks.append(Array(sorted[start..<end]))
            start = end
        }
    }

    package subscript(path: String) -> CachedObject? {
        guard let place = place(of: path), chunks[place.chunk][place.index].path == path else { return nil }
        return chunks[place.chunk][place.index]
    }

    /// Puts the object in the place of the one of its path; returns that one.
    @discardableResult
    package mutating func insert(_ object: CachedObject) -> CachedObject? {
        guard let place = place(of: object.path) else {
            // Beyond the last one.
            if chunks.isEmpty { chunks.append([]) }
            chunks[chunks.count - 1].append(object)
            count += 1
            split(chunks.count - 1)
            return nil
        }
        let found = chunks[place.chunk][place.index]
        if found.path == object.path {
            chunks[place.chunk][place.index] = object
            return found
        }
        chunks[place.chunk].insert(object, at: place.index)
        count += 1
        split(place.chunk)
        return nil
    }

    @discardableResult
    package mutating func remove(_ path: String) -> CachedObject? {
        guard let place = place(of: path), chunks[place.chunk][place.index].path == path else { return nil }
        let removed = chunks[place.chunk].remove(at: place.index)
        if chunks[place.chunk].isEmpty { chunks.remove(at: place.chunk) }
        count -= 1
        return removed
    }

    /// Calls the body with each object whose path begins with the prefix and does not precede `start`, in order, until it
    /// says false.
    package func forEach(prefix: String = "", from start: String = "", _ body: (CachedObject) -> Bool) {
        let first = precedes(prefix, start) ? start : prefix
        guard var place = place(of: first) else { return }
        while place.chunk < chunks.count {
            let chunk = chunks[place.chunk]
            for object in chunk[place.index...] {
                guard prefix.isEmpty || object.path.utf8.starts(with: prefix.utf8), body(object) else { return }
            }
            place = (place.chunk + 1, 0)
        }
    }

    /// How many objects the prefix has.
    package func count(prefix: String) -> Int {
        if prefix.isEmpty { return count }
        var total = 0
        forEach(prefix: prefix) { _ in
            total += 1
            return true
        }
        return total
    }

    /// The first object that does not precede the path.
    private func place(of path: String) -> (chunk: Int, index: Int)? {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            let chunk = chunks[middle]
            if precedes(chunk[chunk.count - 1].path, path) { low = middle + 1 } else { high = middle }
        }
        guard low < chunks.count else { return nil }
        let index = chunks[low].partitioningIndex { !precedes($0.path, path) }
        return (low, index)
    }

    private mutating func split(_ index: Int) {
        guard chunks[index].count > Self.chunkLimit else { return }
        let half = chunks[index].count / 2
        let tail = Array(chunks[index][half...])
        chunks[index].removeSubrange(half...)
        chunks.insert(tail, at: index + 1)
    }
}

/// The order of the store: by bytes.
package func precedes(_ a: String, _ b: String) -> Bool {
    // Paths are ASCII, for which the standard library's order is that of the bytes, and fast.
    a < b
}

extension Array {
    /// The first index whose element satisfies the predicate, which holds for none before and all behind it.
    package func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
