internal import Linux
internal import Store

/// Where requests wait for the server to have seen a revision.
struct RevisionWaiters {
    private var waiting: [(revision: Revision, deadline: MonotonicTime, body: (Bool) -> Void)] = []

    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ revision: Revision, _ deadline: MonotonicTime, _ body: @escaping (Bool) -> Void) {
        waiting.append((revision, deadline, body))
    }

    /// Takes out those whose revision has been seen, with yes, and those whose time is over, with no.
    mutating func due(seen revision: Revision, now: MonotonicTime) -> [() -> Void] {
        var due: [() -> Void] = []
        waiting.removeAll { waiter in
            if waiter.revision <= revision {
                due.append { waiter.body(true) }
            } else if waiter.deadline <= now {
                due.append { waiter.body(false) }
            } else {
                return false
            }
            return true
        }
        return due
    }
}

/// Keys with a write on its way to the store: the next write to one waits for the end of the one before, and then sees
/// what it has left.
struct BusyKeys {
    private var waiting: [String: [() -> Void]] = [:]

    func isBusy(_ key: String) -> Bool { waiting[key] != nil }

    mutating func occupy(_ keys: [String]) {
        for key in keys { waiting[key] = waiting[key] ?? [] }
    }

    mutating func wait(for key: String, _ body: @escaping () -> Void) { waiting[key, default: []].append(body) }

    /// Returns who may go on now, in the order of their coming; each looks again whether a key is free.
    mutating func release(_ keys: [String]) -> [() -> Void] { keys.flatMap { waiting.removeValue(forKey: $0) ?? [] } }
}
