import Glibc
import Linux
import Testing

@Suite("Deferred release")
struct DeferredReleaseTests {
    @Test("a file outlives its descriptor for as long as the release does, and ends soon after it")
    func outlives() throws {
        var ends: [CInt] = [0, 0]
        #expect(pipe(&ends) == 0)
        #expect(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        let reader = FileDescriptor(owning: ends[0])
        var wasOpen = false
        do {
            let writer = FileDescriptor(owning: ends[1])
            let release = DeferredRelease(of: writer.rawValue)
            _ = consume writer
            // Somebody may still write: no end of file yet.
            wasOpen = isOpenForWriting(reader)
            _ = consume release
        }
        #expect(wasOpen)
        let deadline = ContinuousClock.now + .seconds(10)
        while isOpenForWriting(reader), ContinuousClock.now < deadline { usleep(1000) }
        let isClosed = !isOpenForWriting(reader)
        #expect(isClosed)
    }

    private func isOpenForWriting(_ reader: borrowing FileDescriptor) -> Bool {
        var byte: UInt8 = 0
        return read(reader.rawValue, &byte, 1) == -1 && errno == EAGAIN
    }
}
