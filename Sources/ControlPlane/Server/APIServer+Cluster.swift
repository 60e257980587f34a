package import Daemon
package import Identity
package import JSON
package import KubeAPI

/// The server as kind logic and controllers see it.
extension APIServer: Cluster {
    package var now: Double { Timestamp.now.since1970 }

    package func type(of storage: StoragePrefix) -> ResourceType? { types.type(of: storage) }

    package var storedTypes: [ResourceType] { types.stored }

    package func after(_ delay: Duration, _ body: @escaping () -> Void) -> LoopTimer { loop.after(delay, body) }

    package func cancel(_ timer: LoopTimer) { loop.cancel(timer) }

    package func perform(
        _ write: ClusterWrite, as user: User, _ done: @escaping (Result<JSONValue, APIStatus>) -> Void
    ) {
        let answer: (Result<WriteOutcome, APIStatus>) -> Void = { result in
            done(result.map { $0.object.decoded ?? .null })
        }
        switch write {
        case .create(let type, let object):
            let namespace = type.isNamespaced ? object.text("metadata", "namespace") : ""
            let context = context(user, type, "", namespace)
            CreateRun(self, context, completed(object, type), answer).start()
        case .modify(let type, let subresource, let namespace, let name, let body):
            let context = context(user, type, subresource, namespace)
            ModifyRun(
                self, context, name: name,
                { (old, _) throws(APIStatus) in
                    var object = old
                    // No conditional expression: there a nil would be JSON's null.
                    guard try body(&object) else { return nil }
                    return object
                }, answer
            ).start()
        case .delete(let type, let namespace, let name, let options):
            var context = context(user, type, "", namespace)
            context.isDryRun = options.isDryRun
            DeleteRun(self, context, name: name, options, answer).start()
        }
    }

    private func context(_ user: User, _ type: ResourceType, _ subresource: String, _ namespace: String) -> WriteContext
    {
        WriteContext(
            user: user, type: type, subresource: subresource, namespace: namespace, fieldManager: "poplin")
    }

    /// With what every object says about its type, and defaults.
    private func completed(_ object: JSONValue, _ type: ResourceType) -> JSONValue {
        var members = JSONObject([
            ("kind", .string(type.kind)), ("apiVersion", .string(type.groupVersion.description)),
        ])
        for member in object.pairs() { members[member.key] = member.value }
        return validation.defaulted(.object(members), type)
    }
}
