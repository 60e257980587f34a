import Linux
import TestSupport
import Testing

@testable import Store

@Suite("Work for the threads of a store")
struct WorkQueueTests {
    @Test("items come in order, as many as are wanted at most; none at the deadline; nil after the end")
    func order() {
        let queue = WorkQueue<Int>()
        #expect(queue.take(1, until: .now) == [])
        for number in 0..<5 { #expect(queue.put(number)) }
        #expect(queue.take(2) == [0, 1])
        queue.close()
        #expect(!queue.put(9))
        #expect(queue.take(9) == [2, 3, 4])
        #expect(queue.take(9) == nil)
    }

    @Test("who expects more waits for it, but not for ever, and not after the end")
    func patience() throws {
        let queue = WorkQueue<Int>()
        _ = queue.put(0)
        let start = MonotonicTime.now
        #expect(queue.take(9, expecting: 2, patience: .milliseconds(30)) == [0])
        #expect(MonotonicTime.now - start >= .milliseconds(30))

        _ = queue.put(1)
        let other = try Thread("puts") { for number in 2...4 { _ = queue.put(number) } }
        #expect(queue.take(9, expecting: 4, patience: .seconds(60)) == [1, 2, 3, 4])
        other.join()

        _ = queue.put(5)
        let closer = try Thread("closes") { queue.close() }
        #expect(queue.take(9, expecting: 2, patience: .seconds(60)) == [5])
        closer.join()
    }

    @Test("every item is taken once, by whichever thread")
    func manyTakers() throws {
        let queue = WorkQueue<Int>()
        let taken = (0..<4).map { _ in Answer<[Int]>() }
        for answer in taken {
            _ = try Thread("takes") {
                var own: [Int] = []
                while let items = queue.take(3) { own += items }
                answer.give(own)
            }
        }
        for number in 0..<5000 { _ = queue.put(number) }
        queue.close()
        #expect(taken.flatMap { $0.wait() }.sorted() == Array(0..<5000))
    }

    @Test("a turn expects all who were under way; a lone writer never waits")
    func groups() {
        var group = GroupCommit()
        #expect(group.expected == 1)
        group.note(1, waiting: 0, took: .milliseconds(4))
        #expect(group.expected == 1)
        group.note(4, waiting: 4, took: .milliseconds(4))
        #expect(group.expected == 8 && group.patience == .milliseconds(1))
        group.note(8, waiting: 0, took: .milliseconds(100))
        #expect(group.expected == 8 && group.patience == .milliseconds(2))
    }
}
