internal import JSON
internal import KubeAPI

/// The audiences of the tokens that a pod's volumes call for: projected tokens, and those that CSI drivers ask for.
enum ServiceAccountAudiences {
    static func named(by pod: JSONValue, _ lookup: NodeRestriction.Lookup) -> Set<String> {
        var audiences: Set<String> = []
        let namespace = pod.member(at: "metadata", "namespace")?.string ?? ""
        for volume in ObjectReferences.volumes(of: pod) {
            for source in ObjectReferences.projectedSources(of: volume) {
                // Without an audience it is the server's own, which a request leaves empty.
                if let token = source.member("serviceAccountToken") {
                    audiences.insert(token.member("audience")?.string ?? "")
                }
            }
            if let driver = volume.member(at: "csi", "driver")?.string {
                audiences.formUnion(driverAudiences(driver, lookup))
            }
        }
        for claim in ObjectReferences.persistentVolumeClaims(of: pod) {
            let stored = lookup(GroupResource(group: "", resource: "persistentvolumeclaims"), namespace, claim)
            guard let name = stored?.member(at: "spec", "volumeName")?.string,
                let volume = lookup(GroupResource(group: "", resource: "persistentvolumes"), "", name),
                let driver = volume.member(at: "spec", "csi", "driver")?.string
            else { continue }
            audiences.formUnion(driverAudiences(driver, lookup))
        }
        return audiences
    }

    private static func driverAudiences(_ name: String, _ lookup: NodeRestriction.Lookup) -> [String] {
        let driver = lookup(GroupResource(group: "storage.k8s.io", resource: "csidrivers"), "", name)
        return driver?.member(at: "spec", "tokenRequests")?.array?.map { $0.member("audience")?.string ?? "" } ?? []
    }
}
