import Daemon
import Linux
import Testing

@Suite("Backoff")
struct BackoffTests {
    @Test("delays double up to the maximum, lie in the upper half of their range, and begin anew after a success")
    func delays() {
        var backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(1))
        for ceiling in [100, 200, 400, 800, 1000, 1000] {
            let delay = backoff.next()
            #expect(delay >= .milliseconds(ceiling / 2) && delay <= .milliseconds(ceiling))
        }
        backoff.reset()
        #expect(backoff.next() <= .milliseconds(100))
    }

    @Test("two clients do not wait equally long")
    func jitter() {
        let delays = Set(
            (0..<50).map { _ in
                var backoff = Backoff()
                return backoff.next()
            })
        #expect(delays.count > 40)
    }
}
