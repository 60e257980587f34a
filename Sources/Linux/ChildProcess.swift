internal import CLinux
package import Glibc

/// A program started by posix_spawn(3), in the namespaces of the thread that starts it.
package enum ChildProcess {
    /// Starts the program whose path is the first of the words: no shell, no search. `descriptors` become its 0, 1, 2...;
    /// it gets no other, not even one that a library has opened without close-on-exec. Signals are as at a login,
    /// whatever this process ignores or blocks. With `leadsSession` it gets no signals of this process's terminal.
    package static func start(
        _ words: [String], environment: [String], descriptors: [CInt], leadsSession: Bool = false
    ) throws(SystemError) -> pid_t {
        guard let path = words.first else { throw SystemError("start", "a program without a name", .invalid) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
        }
        _ = poplin_spawn_close_from(&actions, CInt(descriptors.count))
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let session = leadsSession ? Int16(poplin_POSIX_SPAWN_SETSID) : 0
        posix_spawnattr_setflags(&attributes, session | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)

        var child: pid_t = 0
        let code = withCStrings(words) { arguments in
            withCStrings(environment) { posix_spawn(&child, path, &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else { throw SystemError("start", path, Errno(code)) }
        return child
    }

    /// Has a child of this process's own send the bytes on a socket and end: for a send that the kernel keeps waiting long
    /// after it has done what matters. The answer comes on the socket. What is returned becomes readable at the child's
    /// end, however that comes; nobody has to wait for it. Nil when there can be no child.
    package static func send(_ bytes: [UInt8], on socket: CInt) -> FileDescriptor? {
        let end = poplin_send_in_child(socket, bytes, UInt(bytes.count), -1)
        return end < 0 ? nil : FileDescriptor(owning: end)
    }

    /// Has a child send the bytes on a socket so many milliseconds after this process has ended, or will have a second from
    /// now. False when there can be no child.
    package static func sendAfterEnd(_ bytes: [UInt8], on socket: CInt, milliseconds: CInt) -> Bool {
        // The descriptor stays open to this process's end.
        poplin_send_in_child(socket, bytes, UInt(bytes.count), milliseconds) >= 0
    }

    /// Waits for the end of a child: its exit status, or 128 and the signal's number, as a shell says it.
    package static func wait(for child: pid_t) throws(SystemError) -> CInt {
        var status: CInt = 0
        try check("wait for", "process \(child)") { waitpid(child, &status, 0) }
        // WIFEXITED, WEXITSTATUS, WTERMSIG of <sys/wait.h>.
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// Calls the body with a null-terminated array of C strings.
    private static func withCStrings(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> CInt
    ) -> CInt {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return (copies + [nil]).withUnsafeBufferPointer { $0.baseAddress.map(body) ?? EINVAL }
    }
}
