internal import CLinux

/// The kernel lets packets through a link that has just got its carrier only after a worker has looked at it; a port of
/// a bridge drops what comes before. Asking for the state makes the kernel do that work at once.
package enum LinkWatch {
    /// Brings a link of the calling thread's network namespace up to date.
    package static func settle(_ name: String) throws(SystemError) {
        try check("ask for the state of", "link \(name)") { poplin_link_state(name) }
    }
}
