internal import JSON
internal import KubeAPI
internal import NetTypes

/// Which addresses a write of a Service takes and gives back.
///
/// A pure function of the Service before and after, and of the families that the cluster has. It fills in the family
/// fields, so that a dry run shows them too, and leaves a place in `clusterIPs` for each address to be drawn.
struct ServiceIPPlan: Hashable, Sendable {
    struct Claim: Hashable, Sendable {
        /// Its place in `clusterIPs`.
        var index: Int
        var family: IPFamily
        /// The address that the client asks for; nil for any.
        var requested: IPAddress?
    }

    private(set) var claims: [Claim] = []
    private(set) var releases: [IPAddress] = []

    /// Plans a write. `families` are the cluster's, the primary one first, and never empty.
    ///
    /// Throws the causes for which the write is refused.
    static func make(
        _ service: inout ServiceNetworking, old: ServiceNetworking?, families: [IPFamily]
    ) throws(ServiceFieldErrors) -> ServiceIPPlan {
        try service.fillFamilies(old: old, cluster: families)
        var plan = ServiceIPPlan()
        guard let old else {
            plan.claimAll(&service)
            return plan
        }
        // Nothing happens to a Service that merely prefers two families when the cluster's families change.
        if service.keepsPreferredFamilies(of: old) { return plan }
        if !old.needsClusterIP {
            if service.needsClusterIP { plan.claimAll(&service) }
            return plan
        }
        if old.isHeadless { return plan }
        if !service.needsClusterIP {
            plan.releases = old.addresses
            return plan
        }
        if old.families.count == 1 && service.families.count == 2 {
            plan.claim(&service, from: 1)
        } else if old.families.count == 2 && service.families.count == 1 {
            plan.releases = Array(old.addresses.dropFirst())
        }
        return plan
    }

    private mutating func claimAll(_ service: inout ServiceNetworking) {
        guard service.needsClusterIP, !service.isHeadless else { return }
        claim(&service, from: 0)
    }

    private mutating func claim(_ service: inout ServiceNetworking, from first: Int) {
        for (index, name) in service.families.enumerated() where index >= first {
            guard let family = IPFamily(apiName: name) else { continue }
            if index >= service.clusterIPs.count { service.clusterIPs.append("") }
            claims.append(Claim(index: index, family: family, requested: IPAddress(service.clusterIPs[index])))
        }
    }
}

/// Why a Service is refused: the causes of a 422.
struct ServiceFieldErrors: Error, Hashable {
    var causes: [FieldCause]
}

extension ServiceNetworking {
    /// Writes the address that was drawn for a claim.
    mutating func assign(_ address: IPAddress, to claim: ServiceIPPlan.Claim) {
        clusterIPs[claim.index] = address.description
        if claim.index == 0 { clusterIP = address.description }
    }
}
