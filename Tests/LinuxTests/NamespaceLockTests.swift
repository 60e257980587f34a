import Glibc
import Linux
import TestSupport
import Testing

@Suite("A name held in a network namespace")
struct NamespaceLockTests {
    @Test("has one holder at a time, and is free when that one ends")
    func exclusive() throws {
        let name = "poplin-test-lock-\(getpid())"
        do {
            let first = try NamespaceLock(name)
            let error = #expect(throws: SystemError.self) { _ = try NamespaceLock(name) }
            #expect(error?.errno == .addressInUse)
            _ = try NamespaceLock(name + "-other")
            #expect(try NamespaceLock.isHeld(name))
            withExtendedLifetime(first) {}
        }
        // A program that another test is just starting has a copy of the socket until its exec.
        try eventually("the name is free") { try !NamespaceLock.isHeld(name) }
        _ = try NamespaceLock(name)
    }

    @Test("cannot be longer than the address of a socket")
    func tooLong() {
        let error = #expect(throws: SystemError.self) {
            _ = try NamespaceLock(String(repeating: "x", count: 200))
        }
        #expect(error?.errno == .invalid)
    }
}
