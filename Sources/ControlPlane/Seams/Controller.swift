/// Brings the cluster's objects closer to what they say they should be. Lives on the loop and reads the ring in process.
///
/// Level-triggered: `observe` only notes that something is to be looked at; what is done is worked out from the cache.
package protocol Controller: AnyObject {
    /// For logs and metrics: "nodeipam".
    var name: String { get }
    /// The state is loaded, and this server is the one that runs controllers. Look at everything.
    func start(_ cluster: any Cluster)
    /// A change that has been committed, by whomever; in order, each once. Only between `start` and `stop`.
    func observe(_ change: ObjectChange)
    /// Another server runs the controllers now, or the server ends. Timers are to be cancelled.
    func stop()
}
