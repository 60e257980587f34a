package import JSON
package import KubeAPI

/// What is special about a kind's objects when they are written. Every hook has a default, which does what most kinds
/// need: nothing. All are called on the loop and must not block.
///
/// The order of a write: decode, default, `Admission.admit`, `prepare…`, validation by schema and `validate`, `allocate`,
/// `Admission.validate`, commit, `didCommit`.
package protocol ResourceStrategy: AnyObject {
    /// Sets what the server decides and wipes what clients may not say. The machinery has already dropped the status and
    /// set metadata.
    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus)
    /// The same for an update of the object or of a subresource that is part of it; the machinery has already carried the
    /// status (or, for `status`, everything else) and the system's metadata over from `old`, and counts `generation`
    /// afterwards.
    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus)
    /// What is wrong beyond what the schema's validation finds.
    func validate(_ operation: WriteOperation) -> [FieldCause]
    /// Reserves what the object needs of the cluster, as addresses and ports; adds companions. Not undone by itself:
    /// see `WriteOperation.atEnd`. Called for dry runs too.
    func allocate(_ operation: WriteOperation) throws(APIStatus)
    /// Before an object is deleted or begins to be: refuses it, changes `object` when it stays for now, adds companions.
    func prepareForDelete(_ operation: WriteOperation) throws(APIStatus)
    /// Seconds between a deletion and the end of the object, given what the client has asked for; 0 ends it at once.
    func gracePeriod(of object: JSONValue, requested: Int?) -> Int
    /// Nothing holds an object that is being deleted any more. The machinery looks at `metadata.finalizers` by itself.
    func isFinalized(_ object: JSONValue) -> Bool
    /// A part of the object with a path of its own, besides `status` and `scale`; nil when it is none of ours. It
    /// copies into the old object what may be written through it.
    func part(_ subresource: String, of old: JSONValue, from new: JSONValue) -> JSONValue?
    /// What a POST to a subresource does, such as `binding`; nil when there is no such.
    func action(_ subresource: String) -> (any Action)?
    /// After the commit has been delivered and before the client hears of it.
    func didCommit(_ operation: WriteOperation)
    /// Seconds until objects go by themselves; nil for never.
    var timeToLive: Int? { get }
    /// Whether a PUT to a name that is not there makes the object (Lease and a few others).
    var createsOnUpdate: Bool { get }
    /// Whether a PUT without a resourceVersion is taken, and overwrites.
    var allowsUnconditionalUpdate: Bool { get }
    /// Whether a new object keeps the status that it comes with; otherwise it begins without one.
    var keepsFirstStatus: Bool { get }
    /// What becomes of dependents when a deletion does not say; nil for the background.
    var defaultPropagation: DeleteOptions.Propagation? { get }
    /// Whether changes of the spec are counted in `metadata.generation`.
    var countsGenerations: Bool { get }
}

extension ResourceStrategy {
    package func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {}
    package func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) {}
    package func validate(_ operation: WriteOperation) -> [FieldCause] { [] }
    package func allocate(_ operation: WriteOperation) throws(APIStatus) {}
    package func prepareForDelete(_ operation: WriteOperation) throws(APIStatus) {}
    package func gracePeriod(of object: JSONValue, requested: Int?) -> Int { 0 }
    package func isFinalized(_ object: JSONValue) -> Bool { true }
    package func part(_ subresource: String, of old: JSONValue, from new: JSONValue) -> JSONValue? { nil }
    package func action(_ subresource: String) -> (any Action)? { nil }
    package func didCommit(_ operation: WriteOperation) {}
    package var timeToLive: Int? { nil }
    package var createsOnUpdate: Bool { false }
    package var allowsUnconditionalUpdate: Bool { true }
    package var keepsFirstStatus: Bool { false }
    package var defaultPropagation: DeleteOptions.Propagation? { nil }
    package var countsGenerations: Bool { true }
}

/// The strategy of kinds that need none.
package final class PlainStrategy: ResourceStrategy {
    package let countsGenerations: Bool

    package init(countsGenerations: Bool = true) { self.countsGenerations = countsGenerations }
}
