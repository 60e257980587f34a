internal import KubeAPI

/// One way to write a change to a watch: watches that agree in it share the bytes.
struct WatchFrame: Hashable {
    var kind: ObjectChange.Kind
    var form: AnswerForm
    /// The version that the watch is for; kinds with several are converted.
    var groupVersion: GroupVersion
    /// Of a table, what comes with the cells.
    var includesObject: String
    /// The first event of a table has the columns.
    var isFirst: Bool
}
