internal import JSON
internal import KubeAPI
internal import NetTypes

/// How `ipFamilyPolicy` and `ipFamilies` come to be
/// (https://kubernetes.io/docs/concepts/services-networking/dual-stack/).
extension ServiceNetworking {
    /// Infers what the client left out, and checks what it wrote against the cluster's families.
    mutating func fillFamilies(old: ServiceNetworking?, cluster: [IPFamily]) throws(ServiceFieldErrors) {
        guard needsClusterIP else { return }
        if let old, keepsPreferredFamilies(of: old) { return }
        if policy == nil { policy = inferredPolicy(old: old).rawValue }

        let related = addressFieldCauses()
        guard related.isEmpty else { throw ServiceFieldErrors(causes: related) }

        var causes: [FieldCause] = []
        if let old { releaseSecondary(of: old, &causes) }
        checkSingleStack(&causes)
        inferFamiliesFromAddresses(cluster: cluster, &causes)
        guard causes.isEmpty else { throw ServiceFieldErrors(causes: causes) }

        // Without a selector somebody else writes the endpoints, of whichever family: even of those that the cluster's
        // own Services do not have.
        if isHeadless && !hasSelector {
            if families.isEmpty { families = [cluster[0].apiName] }
            addSecondFamily()
            return
        }
        if policy == IPFamilyPolicy.requireDualStack.rawValue && cluster.count < 2 {
            causes.append(
                .invalid(ServiceField.policy, policyValue, "this cluster is not configured for dual-stack services"))
        }
        for (index, family) in families.enumerated() where !cluster.contains(where: { $0.apiName == family }) {
            causes.append(
                .invalid("\(ServiceField.families)[\(index)]", .string(family), "not configured on this cluster"))
        }
        guard causes.isEmpty else { throw ServiceFieldErrors(causes: causes) }
        if families.isEmpty { families = [cluster[0].apiName] }
        if cluster.count == 2 { addSecondFamily() }
    }

    /// True when an update of a Service that prefers two families touches neither its type nor its addresses: then it
    /// keeps what it has, whatever families the cluster has by now.
    func keepsPreferredFamilies(of old: ServiceNetworking) -> Bool {
        let prefer = IPFamilyPolicy.preferDualStack.rawValue
        return type == old.type && needsClusterIP && policy == prefer && (old.policy ?? prefer) == prefer
            && clusterIPs == old.clusterIPs && families == old.families
    }

    var policyValue: JSONValue { policy.map { .string($0) } ?? .null }

    private func inferredPolicy(old: ServiceNetworking?) -> IPFamilyPolicy {
        if let former = old?.policy.flatMap(IPFamilyPolicy.init(rawValue:)) { return former }
        return clusterIP == Self.none && !hasSelector ? .requireDualStack : .singleStack
    }

    /// Setting the policy to SingleStack and nothing else is intent enough to give up the second family; giving it up
    /// needs that policy.
    private mutating func releaseSecondary(of old: ServiceNetworking, _ causes: inout [FieldCause]) {
        if policy == IPFamilyPolicy.singleStack.rawValue {
            if clusterIPs == old.clusterIPs && clusterIPs.count > 1 { clusterIPs.removeLast(clusterIPs.count - 1) }
            if families == old.families && families.count > 1 { families.removeLast(families.count - 1) }
            return
        }
        if !clusterIPs.isEmpty && clusterIPs.count < old.clusterIPs.count {
            causes.append(
                .invalid(ServiceField.policy, policyValue, "must be 'SingleStack' to release the secondary cluster IP"))
        }
        if !families.isEmpty && families.count < old.families.count {
            causes.append(
                .invalid(ServiceField.policy, policyValue, "must be 'SingleStack' to release the secondary IP family"))
        }
    }

    private func checkSingleStack(_ causes: inout [FieldCause]) {
        guard policy == IPFamilyPolicy.singleStack.rawValue else { return }
        let two = "must be 'RequireDualStack' or 'PreferDualStack' when multiple"
        if clusterIPs.count == 2 {
            causes.append(.invalid(ServiceField.policy, policyValue, "\(two) cluster IPs are specified"))
        }
        if families.count == 2 {
            causes.append(.invalid(ServiceField.policy, policyValue, "\(two) IP families are specified"))
        }
    }

    private mutating func inferFamiliesFromAddresses(cluster: [IPFamily], _ causes: inout [FieldCause]) {
        for (index, text) in clusterIPs.enumerated() where index >= families.count && text != Self.none {
            guard let family = IPAddress(text)?.family else { continue }
            if cluster.contains(family) {
                families.append(family.apiName)
            } else {
                causes.append(
                    .invalid(
                        "\(ServiceField.clusterIPs)[\(index)]", .texts(clusterIPs),
                        "\(family.apiName) is not configured on this cluster"))
            }
        }
    }

    private mutating func addSecondFamily() {
        guard policy != IPFamilyPolicy.singleStack.rawValue, families.count == 1,
            let family = IPFamily(apiName: families[0])
        else { return }
        families.append(family.other.apiName)
    }
}

/// The paths that causes name.
enum ServiceField {
    static let clusterIP = "spec.clusterIP"
    static let clusterIPs = "spec.clusterIPs"
    static let families = "spec.ipFamilies"
    static let policy = "spec.ipFamilyPolicy"
    static func nodePort(_ index: Int) -> String { "spec.ports[\(index)].nodePort" }
}
