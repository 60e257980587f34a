internal import JSON
internal import KubeAPI

/// Which pods a Service selects, and which Services a pod's change concerns: what the controllers of endpoints ask, kept up
/// by the changes that they hand in.
struct ServicePods {
    /// The selectors of each namespace's Services, by name.
    private var selectors: [String: [String: LabelSelector]] = [:]
    /// The paths of the pods with each label, by namespace and label.
    private var pods: [String: Set<String>] = [:]

    init(_ cluster: any Cluster) {
        cluster.cache[.pods].forEach { pod in
            index(pod, isThere: true)
            return true
        }
        cluster.cache[.services].forEach { service in
            note(service)
            return true
        }
    }

    /// The paths of all Services that select pods.
    var services: [String] { selectors.flatMap { item in item.value.keys.map { "\(item.key)/\($0)" } } }

    func selects(_ path: String) -> Bool {
        guard let slash = path.firstIndex(of: "/") else { return false }
        return selectors[String(path[..<slash])]?[String(path[path.index(after: slash)...])] != nil
    }

    /// Takes over a change of a Service or a pod; the paths of the Services that it concerns.
    mutating func take(_ change: ObjectChange) -> [String] {
        switch change.storage {
        case .services:
            if change.kind == .deleted {
                selectors[String(change.object.namespace)]?[String(change.object.name)] = nil
            } else {
                note(change.object)
            }
            return [change.object.path]
        case .pods:
            if let previous = change.previous { index(previous, isThere: false) }
            if change.kind != .deleted { index(change.object, isThere: true) }
            let labels = [change.object.header.labels, change.previous?.header.labels ?? change.object.header.labels]
            let namespace = String(change.object.namespace)
            return (selectors[namespace] ?? [:]).compactMap { service, selector in
                labels.contains(where: selector.matches) ? "\(namespace)/\(service)" : nil
            }
        default: return []
        }
    }

    /// The pods that a Service selects, in the order of their names: looked for among those with its rarest label.
    func pods(of service: JSONValue, _ cluster: any Cluster) -> [JSONValue] {
        let namespace = service.text("metadata", "namespace")
        let labels = service.pairs("spec", "selector").map { "\(namespace)/\($0.key)=\($0.value.string ?? "")" }
        let candidates = labels.map { pods[$0] ?? [] }.min { $0.count < $1.count } ?? []
        let selector = LabelSelector(labels: service.at("spec", "selector"))
        return candidates.sorted().compactMap { path in
            guard let object = cluster.cache.object(.pods, path), selector.matches(object.header.labels) else {
                return nil
            }
            return object.decoded
        }
    }

    private mutating func note(_ object: CachedObject) {
        guard let service = object.decoded else { return }
        let networking = ServiceNetworking(service: service)
        let selects = networking.hasSelector && networking.needsClusterIP
        selectors[String(object.namespace), default: [:]][String(object.name)] =
            selects ? LabelSelector(labels: service.at("spec", "selector")) : nil
    }

    private mutating func index(_ pod: CachedObject, isThere: Bool) {
        for (key, value) in pod.header.labels {
            let label = "\(pod.namespace)/\(key)=\(value)"
            if isThere {
                pods[label, default: []].insert(pod.path)
            } else {
                pods[label]?.remove(pod.path)
                if pods[label]?.isEmpty == true { pods[label] = nil }
            }
        }
    }
}
