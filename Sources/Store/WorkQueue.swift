internal import Glibc
internal import Linux

/// What threads hand to the threads of a store. Any number of either; whoever takes waits until there is something.
final class WorkQueue<Item: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // Under the mutex.
    private var items: [Item] = []
    /// How many there must be before somebody who waits is woken.
    private var wanted = 1
    private var isClosed = false

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// False, and the item is not taken, once the queue is closed.
    func put(_ item: Item) -> Bool {
        locked {
            if isClosed { return false }
            items.append(item)
            if items.count >= wanted { pthread_cond_signal(condition) }
            return true
        }
    }

    /// Nothing more comes in; what is there can still be taken.
    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(condition)
        }
    }

    /// How many wait to be taken.
    var count: Int { locked { items.count } }

    /// Up to `limit` items in their order. None when there are none at the deadline; nil when none will ever come. Once
    /// there is one, it waits a little for the others that are expected. Only one thread may take with a patience.
    func take(
        _ limit: Int, until deadline: MonotonicTime = MonotonicTime(nanoseconds: .max), expecting expected: Int = 1,
        patience: Duration = .zero
    ) -> [Item]? {
        locked {
            while items.isEmpty {
                if isClosed { return nil }
                if MonotonicTime.now >= deadline { return [] }
                wait(until: deadline)
            }
            if items.count < expected && patience > .zero {
                wanted = expected
                let end = MonotonicTime.now + patience
                while items.count < expected && !isClosed && MonotonicTime.now < end { wait(until: end) }
                wanted = 1
            }
            if items.count <= limit {
                let taken = items
                items = []
                return taken
            }
            let taken = Array(items.prefix(limit))
            items.removeFirst(limit)
            return taken
        }
    }

    /// Under the mutex, which is free meanwhile.
    private func wait(until time: MonotonicTime) {
        var time = timespec(
            tv_sec: Int(time.nanoseconds / 1_000_000_000), tv_nsec: Int(time.nanoseconds % 1_000_000_000))
        pthread_cond_timedwait(condition, mutex, &time)
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
