/// The steps that an ADD has done, each with the way back. Delegates that run in process share the caller's, so that
/// one failure undoes the whole chain.
package final class Rollback {
    private var steps: [(name: String, undo: () throws -> Void)] = []
    private let failAfter: Int?

    /// `failAfter` makes the step with this number (from 1) fail right after it was recorded. Tests use it to show
    /// that an ADD which breaks at any step leaves nothing behind.
    package init(failAfter: Int? = nil) { self.failAfter = failAfter }

    /// How many steps were done.
    package var count: Int { steps.count }

    /// Records a step that has just succeeded, and how to undo it.
    package func did(_ step: String, undo: @escaping () throws -> Void) throws(CNIError) {
        steps.append((step, undo))
        if steps.count == failAfter {
            throw CNIError(.internalFailure, "made to fail after step \(steps.count), \(step)")
        }
    }

    /// Undoes all steps, the last one first, and goes on after failures. Returns what could not be undone.
    package func unwind() -> [CNIError] {
        var failures: [CNIError] = []
        while let step = steps.popLast() {
            do { try step.undo() } catch { failures.append(CNIError(error).prefixed("cannot undo \"\(step.name)\"")) }
        }
        return failures
    }
}
