extension Cluster {
    /// Now, as the API writes times.
    var timestamp: String { APITime.text(now) }
}
