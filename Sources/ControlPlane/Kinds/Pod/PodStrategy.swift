internal import JSON
internal import KubeAPI

/// Pods: their first status, their graceful end, and the paths under them.
final class PodStrategy: ResourceStrategy {
    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        PodLifecycle.begin(&operation.object, now: operation.cluster.timestamp)
    }

    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) {
        guard let old = operation.old else { return }
        if operation.subresource == "status" {
            PodLifecycle.keepAllButStatus(&operation.object, old: old)
        } else {
            PodLifecycle.mirrorServiceAccount(&operation.object)
        }
    }

    func part(_ subresource: String, of old: JSONValue, from new: JSONValue) -> JSONValue? {
        switch subresource {
        case "ephemeralcontainers": PodParts.withEphemeralContainers(of: new, in: old)
        case "resize": PodParts.resized(by: new, old)
        // Only the binding itself writes here.
        case "binding": new
        default: nil
        }
    }

    func gracePeriod(of object: JSONValue, requested: Int?) -> Int {
        PodLifecycle.gracePeriod(of: object, requested: requested)
    }

    func action(_ subresource: String) -> (any Action)? {
        switch subresource {
        case "binding": PodBindingAction()
        case "eviction": PodEvictionAction()
        default: nil
        }
    }
}
