package import Daemon
package import Identity
package import JSON
package import KubeAPI
package import Store

/// The server as kind logic and controllers see it. All on the loop's thread.
package protocol Cluster: AnyObject {
    /// What is committed.
    var cache: ObjectCache { get }
    /// Seconds since 1970.
    var now: Double { get }
    var log: Logger { get }

    /// The type that serves these objects, in its preferred version; nil when nothing serves them (any more).
    func type(of storage: StoragePrefix) -> ResourceType?
    /// Everything that is served and stored, custom resources included, each in its preferred version.
    var storedTypes: [ResourceType] { get }

    /// Does what a request of this user would, without asking whether the user may. The answer comes later, on the loop:
    /// the object as it is stored then.
    func perform(
        _ write: ClusterWrite, as user: User, _ done: @escaping (Result<JSONValue, APIStatus>) -> Void)

    /// Writes keys that are no API objects, such as the servers' leases.
    func commit(_ writes: [ObjectWrite], _ done: @escaping (Result<[Revision], WriteFailure>) -> Void)

    func after(_ delay: Duration, _ body: @escaping () -> Void) -> LoopTimer
    func cancel(_ timer: LoopTimer)
}

package enum ClusterWrite {
    /// The namespace is the object's own.
    case create(ResourceType, JSONValue)
    /// Reads, changes and writes, and again when somebody else was faster. The body throws to leave it; returning false
    /// leaves it as it is and succeeds.
    case modify(
        ResourceType, subresource: String = "", namespace: String, name: String,
        (inout JSONValue) throws(APIStatus) -> Bool)
    case delete(ResourceType, namespace: String, name: String, DeleteOptions = DeleteOptions())
}

extension Cluster {
    /// The object, decoded; nil when it is not there.
    package func object(_ storage: StoragePrefix, namespace: some StringProtocol = "", name: some StringProtocol)
        -> JSONValue?
    {
        cache.object(storage, namespace: namespace, name: name)?.decoded
    }

    /// The objects of a namespace, or of all, decoded, in order.
    package func objects(_ storage: StoragePrefix, namespace: String = "") -> [JSONValue] {
        var result: [JSONValue] = []
        cache[storage].forEach(prefix: namespace.isEmpty ? "" : namespace + "/") { object in
            if let value = object.decoded { result.append(value) }
            return true
        }
        return result
    }

    /// As the server itself, to whom everything is allowed.
    package func perform(_ write: ClusterWrite, _ done: @escaping (Result<JSONValue, APIStatus>) -> Void = { _ in }) {
        perform(write, as: .apiServer, done)
    }
}
