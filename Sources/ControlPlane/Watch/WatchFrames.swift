internal import KubeAPI

/// What one change has been written as while it is published: watches that agree in how it looks share the bytes. Kept any
/// longer, they would double the ring.
struct WatchFrames {
    /// A way to write a change.
    struct Look: Hashable {
        var form: AnswerForm
        /// The version that the watch is for; kinds with several are converted. Another one when its definition changes.
        var type: ObjectIdentifier
        /// Of a table, what comes with the cells.
        var includesObject: String
    }

    private struct Key: Hashable {
        var kind: ObjectChange.Kind
        var look: Look
    }

    private var frames: [Key: [UInt8]] = [:]

    mutating func frame(_ kind: ObjectChange.Kind, _ look: Look, _ make: () -> [UInt8]) -> [UInt8] {
        let key = Key(kind: kind, look: look)
        if let frame = frames[key] { return frame }
        let frame = make()
        frames[key] = frame
        return frame
    }
}
