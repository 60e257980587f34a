import Linux
import Testing

@testable import Store

@Suite("When history is forgotten")
struct CompactionPlanTests {
    private func time(_ seconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds) * 1_000_000_000) }

    private func plan(bytes: Int = 1_000_000) -> CompactionPlan {
        CompactionPlan(age: .seconds(300), bytes: bytes, historyBytes: 0, revision: 10, now: time(0))
    }

    @Test("by age: what is older than five minutes goes, nothing younger does")
    func age() {
        var plan = plan()
        for second in 1...1000 {
            plan.advance(to: Revision(10 + second), bytes: 100, now: time(second))
            let target = plan.target(now: time(second))
            // Marks are ten seconds apart.
            let due = Revision(second - 300 + 10)
            #expect(target == 0 || (due - 10...due).contains(target), "\(second): \(target)")
        }
    }

    @Test("a quiet store forgets too, when the time has come")
    func quiet() {
        var plan = plan()
        plan.advance(to: 11, bytes: 100, now: time(5))
        #expect(plan.nextTime == time(300))
        #expect(plan.target(now: time(299)) == 0)
        #expect(plan.target(now: time(300)) == 10)
        #expect(plan.nextTime == time(305))
        #expect(plan.target(now: time(305)) == 11)
        #expect(plan.nextTime == nil)
        plan.advance(to: 12, bytes: 100, now: time(400))
        #expect(plan.nextTime == time(700))
    }

    @Test("by size: what is more than the limit goes, however young")
    func size() {
        var plan = plan(bytes: 100_000)
        var reached: Revision = 0
        for revision in Revision(11)...5000 {
            plan.advance(to: revision, bytes: 1000, now: time(1))
            reached = max(reached, plan.target(now: time(1)))
            let kept = (revision - max(reached, 10)) * 1000
            #expect(kept <= 104_000, "\(revision)")
            if revision > 200 { #expect(kept > 90_000, "\(revision)") }
        }
    }

    @Test("by order, at once")
    func order() {
        var plan = plan()
        plan.order(through: 7)
        #expect(plan.target(now: time(0)) == 7)
    }
}
