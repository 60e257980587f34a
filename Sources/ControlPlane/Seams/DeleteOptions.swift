/// How an object is to be deleted.
package struct DeleteOptions: Hashable, Sendable {
    package enum Propagation: String, Hashable, Sendable {
        /// Dependents stay, without the reference.
        case orphan = "Orphan"
        /// Dependents are deleted afterwards.
        case background = "Background"
        /// The object stays until its dependents are gone.
        case foreground = "Foreground"
    }

    /// Seconds; nil leaves it to the kind.
    package var gracePeriodSeconds: Int?
    package var uid: String?
    package var resourceVersion: String?
    package var propagation: Propagation?
    package var isDryRun = false

    package init(gracePeriodSeconds: Int? = nil, uid: String? = nil, propagation: Propagation? = nil) {
        self.gracePeriodSeconds = gracePeriodSeconds
        self.uid = uid
        self.propagation = propagation
    }
}
