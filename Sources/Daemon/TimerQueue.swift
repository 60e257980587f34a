internal import Linux

/// A timer of an `EventLoop`, to cancel it by.
package struct LoopTimer: Hashable, Sendable {
    let id: UInt64
}

/// Timers by deadline: a binary heap, in which cancelled ones stay until they come up or outnumber the others.
struct TimerQueue {
    private struct Entry {
        var deadline: MonotonicTime
        var id: UInt64
    }

    private struct Timer {
        var interval: Duration?
        var body: () -> Void
    }

    private var heap: [Entry] = []
    private var timers: [UInt64: Timer] = [:]
    private var lastID: UInt64 = 0

    /// The deadline of the first living timer.
    var nextDeadline: MonotonicTime? {
        mutating get {
            while let first = heap.first, timers[first.id] == nil { removeFirst() }
            return heap.first?.deadline
        }
    }

    mutating func add(at deadline: MonotonicTime, every interval: Duration?, _ body: @escaping () -> Void) -> LoopTimer
    {
        lastID += 1
        timers[lastID] = Timer(interval: interval, body: body)
        insert(Entry(deadline: deadline, id: lastID))
        return LoopTimer(id: lastID)
    }

    mutating func cancel(_ timer: LoopTimer) {
        timers[timer.id] = nil
        guard heap.count > 64, heap.count > 2 * timers.count else { return }
        let living = heap.filter { timers[$0.id] != nil }
        heap.removeAll()
        for entry in living { insert(entry) }
    }

    /// Takes the first timer that is due; a repeating one goes back with its next deadline, after `now`.
    mutating func popDue(_ now: MonotonicTime) -> (() -> Void)? {
        guard let deadline = nextDeadline, deadline <= now, let first = heap.first, let timer = timers[first.id] else {
            return nil
        }
        removeFirst()
        if let interval = timer.interval {
            insert(Entry(deadline: max(deadline + interval, now + .nanoseconds(1)), id: first.id))
        } else {
            timers[first.id] = nil
        }
        return timer.body
    }

    private mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent].deadline <= heap[child].deadline { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].deadline < heap[left].deadline ? right : left
            if heap[parent].deadline <= heap[child].deadline { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
