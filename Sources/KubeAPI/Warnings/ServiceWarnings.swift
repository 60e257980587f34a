internal import JSON

/// What is unwise in a Service, or without effect.
enum ServiceWarnings {
    static func of(_ service: Place) -> [String] {
        var warnings: [String] = []
        let hints = "service.kubernetes.io/topology-aware-hints"
        if service["metadata"]["annotations"][hints].isThere {
            warnings.append("annotation \(hints) is deprecated, please use service.kubernetes.io/topology-mode instead")
        }
        let spec = service["spec"]
        let isExternalName = spec["type"].text == "ExternalName"
        let isHeadless = spec["type"].text == "ClusterIP" && spec["clusterIP"].text == "None"
        let hasExternalAddresses = spec["externalIPs"].count > 0
        if isHeadless {
            if !spec["loadBalancerIP"].text.isEmpty {
                warnings.append("spec.loadBalancerIP is ignored for headless services")
            }
            if hasExternalAddresses { warnings.append("spec.externalIPs is ignored for headless services") }
            if spec["sessionAffinity"].text != "None" {
                warnings.append("spec.SessionAffinity is ignored for headless services")
            }
        }
        if hasExternalAddresses, !isHeadless, !isExternalName {
            warnings.append("spec.externalIPs is deprecated and may no longer be implemented in some clusters")
        }
        if hasExternalAddresses, isExternalName {
            warnings.append(#"spec.externalIPs is ignored when spec.type is "ExternalName""#)
        }
        if !isExternalName, !spec["externalName"].text.isEmpty {
            warnings.append(#"spec.externalName is ignored when spec.type is not "ExternalName""#)
        }
        if spec["trafficDistribution"].text == "PreferClose" {
            warnings.append(#"spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone""#)
        }
        return warnings
    }
}
