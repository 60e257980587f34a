internal import CLinux

/// What a thread can have for itself (clone(2)). Whoever changes it should do so on a thread of its own, or before there is
/// another one.
package enum CallingThread {
    package struct Share: OptionSet, Sendable {
        package let rawValue: CInt
        package init(rawValue: CInt) { self.rawValue = rawValue }

        package static let network = Share(rawValue: poplin_CLONE_NEWNET)
        package static let mounts = Share(rawValue: poplin_CLONE_NEWNS)
        /// Root and working directory. A thread that shares them with others may not enter a mount namespace.
        package static let directories = Share(rawValue: poplin_CLONE_FS)
    }

    /// Gives the thread its own of these: new, empty namespaces, or a copy (unshare(2)).
    package static func unshare(_ share: Share) throws(SystemError) {
        try check("get", "namespaces of its own") { poplin_unshare(share.rawValue) }
    }

    /// Moves the thread into the namespace of this kind that the file stands for (setns(2)).
    package static func enter(_ kind: Share, _ file: borrowing FileDescriptor, path: String) throws(SystemError) {
        let raw = file.rawValue
        try check("enter", path) { poplin_setns(raw, kind.rawValue) }
    }

    /// Keeps the thread on one of the machine's processors, by its number from 0 (sched_setaffinity(2)).
    package static func stay(onProcessor number: Int) throws(SystemError) {
        try check("stay on", "processor \(number)") { poplin_stay_on_processor(CInt(clamping: number)) }
    }
}
