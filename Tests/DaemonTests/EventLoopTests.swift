import Daemon
import Glibc
import Linux
import Synchronization
import TestSupport
import Testing

@Suite("The event loop")
struct EventLoopTests {
    func pipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [0, 0]
        try check("make", "a pipe") { Glibc.pipe(&ends) }
        return (ends[0], ends[1])
    }

    @Test("a descriptor's handler runs while there is something to read, and not after unwatch")
    func descriptors() throws {
        let loop = try EventLoop()
        let pipe = try pipe()
        var calls = 0
        try loop.watch(pipe.read) { readiness in
            #expect(readiness.contains(.readable))
            calls += 1
            var byte: UInt8 = 0
            if calls > 1 { #expect(read(pipe.read, &byte, 1) == 1) }
            if calls == 3 {
                loop.unwatch(pipe.read)
                loop.after(.milliseconds(20)) { loop.stop() }
            }
        }
        #expect(write(pipe.write, "abc", 3) == 3)
        try loop.run()
        #expect(calls == 3)
        close(pipe.read)
        close(pipe.write)
    }

    @Test(
        "an event of a descriptor that another handler has just closed is dropped, also when its number is used again")
    func staleEvents() throws {
        let loop = try EventLoop()
        let pipes = [try pipe(), try pipe()]
        var calls = 0
        var replacement: (read: CInt, write: CInt)?
        for (index, own) in pipes.enumerated() {
            #expect(write(own.write, "x", 1) == 1)
            try loop.watch(own.read) { _ in
                calls += 1
                let other = pipes[1 - index]
                loop.unwatch(own.read)
                loop.unwatch(other.read)
                // In one step: other tests open descriptors at the same time.
                replacement = try? pipe()
                if let replacement { #expect(dup2(replacement.read, other.read) == other.read) }
                do { try loop.watch(other.read) { _ in Issue.record("nothing was written to it") } } catch {
                    Issue.record(error)
                }
                loop.after(.milliseconds(20)) { loop.stop() }
            }
        }
        try loop.run()
        #expect(calls == 1)
        #expect(replacement != nil)
    }

    @Test("timers run in the order of their deadlines, repeat, and are cancelled, also by one another")
    func timers() throws {
        let loop = try EventLoop()
        var order: [String] = []
        let start = MonotonicTime.now
        loop.after(.milliseconds(30)) { order.append("late") }
        loop.after(.milliseconds(10)) { order.append("early") }
        let victim = loop.after(.milliseconds(20)) { order.append("cancelled") }
        loop.after(.milliseconds(15)) { loop.cancel(victim) }
        var ticks = 0
        var ticker: LoopTimer?
        ticker = loop.every(.milliseconds(8)) {
            ticks += 1
            guard ticks == 5, let ticker else { return }
            loop.cancel(ticker)
            // It would tick again meanwhile.
            loop.after(.milliseconds(60)) { loop.stop() }
        }
        try loop.run()
        #expect(order == ["early", "late"])
        #expect(ticks == 5)
        #expect(MonotonicTime.now - start >= .milliseconds(100))
    }

    @Test("an idle loop sleeps")
    func idle() throws {
        let loop = try EventLoop()
        loop.after(.milliseconds(200)) { loop.stop() }
        let before = ThreadTime.now
        try loop.run()
        // One that spins would use all of the time.
        #expect(ThreadTime.now - before < .milliseconds(100))
    }

    @Test("messages of many threads all arrive, each thread's in their order")
    func mailboxes() throws {
        struct Message: Sendable {
            var sender: Int
            var number: Int
        }
        let loop = try EventLoop()
        let (senders, each) = (4, 5000)
        var next = [Int](repeating: 0, count: senders)
        var total = 0
        let mailbox = try loop.mailbox { (message: Message) in
            #expect(next[message.sender] == message.number)
            next[message.sender] += 1
            total += 1
            if total == senders * each { loop.stop() }
        }
        for sender in 0..<senders {
            _ = try Thread("sender") {
                for number in 0..<each { mailbox.post(Message(sender: sender, number: number)) }
            }
        }
        loop.after(.seconds(20)) { loop.stop() }
        try loop.run()
        #expect(total == senders * each)
    }

    @Test("signals come as numbers")
    func signals() throws {
        let received = Mutex<[CInt]>([])
        // A thread of its own, which alone has the signals blocked.
        let thread = try Thread("signals") {
            do {
                let loop = try EventLoop()
                try loop.onSignals([SIGUSR1, SIGUSR2]) { signal in
                    received.withLock { $0.append(signal) }
                    if signal == SIGUSR2 { loop.stop() }
                }
                loop.after(.milliseconds(5)) { pthread_kill(pthread_self(), SIGUSR1) }
                loop.after(.milliseconds(30)) { pthread_kill(pthread_self(), SIGUSR2) }
                try loop.run()
            } catch {
                Issue.record(error)
            }
        }
        thread.join()
        #expect(received.withLock { $0 } == [SIGUSR1, SIGUSR2])
    }
}
