internal import KubeAPI

extension Cluster {
    /// Now, as the API writes times.
    var timestamp: String { Timestamp(since1970: now).time }
}
