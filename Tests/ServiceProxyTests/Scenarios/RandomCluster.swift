import KubeClient
import ServiceProxy

/// Services and slices that come, change and go.
struct RandomCluster {
    private var services: [ObjectKey: ServiceObject] = [:]
    private var slices: [ObjectKey: EndpointSliceObject] = [:]
    /// Told of each change.
    var index = ServiceIndex()

    /// Up to three of them at once.
    mutating func change(_ random: inout some RandomNumberGenerator) {
        for _ in 0...Int.random(in: 0..<3, using: &random) {
            let name = "s\(Int.random(in: 0..<6, using: &random))"
            if Bool.random(using: &random) {
                let key = ObjectKey(namespace: "default", name: name)
                services[key] = RandomObjects.service(&random)
                index.set(service: key, services[key])
            } else {
                let key = ObjectKey(namespace: "default", name: "slice\(Int.random(in: 0..<9, using: &random))")
                slices[key] = RandomObjects.slice(of: name, &random)
                index.set(slice: key, slices[key])
            }
        }
    }

    /// Told of all that there is now, and of nothing before.
    var fresh: ServiceIndex {
        var index = ServiceIndex()
        for (key, service) in services { index.set(service: key, service) }
        for (key, slice) in slices { index.set(slice: key, slice) }
        return index
    }
}
