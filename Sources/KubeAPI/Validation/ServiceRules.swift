internal import JSON
internal import NetTypes

/// Services, but for what addresses and ports they get, which the server's allocation decides.
enum ServiceRules {
    @Sendable static func check(_ service: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = service["spec"]
        let type = spec["type"].text
        let isHeadless = spec["clusterIP"].text == "None"
        if spec["ports"].count == 0, !isHeadless, type != "ExternalName" { report.required(spec["ports"]) }
        kind(spec, type, isHeadless, &report)
        ports(spec["ports"], type, &report)
        report.labels(spec["selector"])
        affinity(spec, &report)
        addresses(spec, type, &report)
        traffic(spec, type, &report)
        for ingress in service["status"]["loadBalancer"]["ingress"].elements {
            if !ingress["ip"].text.isEmpty { report.address(ingress["ip"]) }
        }
        if let old { checkUpdate(spec, Place(old.member("spec"), spec.path), &report) }
    }

    private static func kind(_ spec: Place, _ type: String, _ isHeadless: Bool, _ report: inout Report) {
        let first = Place(.string(spec["clusterIP"].text), spec["clusterIPs"].path[0])
        switch type {
        case "LoadBalancer" where isHeadless, "NodePort" where isHeadless:
            report.invalid(first, "may not be set to 'None' for \(type) services")
        case "ExternalName":
            let hasAddress = !spec["clusterIP"].text.isEmpty || spec["clusterIPs"].count > 0
            for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"]
            where field == "clusterIPs" ? hasAddress : !spec[field].isEmpty {
                report.forbidden(spec[field], "may not be set for ExternalName services")
            }
            // A final dot is the root's.
            let name = spec["externalName"].text
            let relative = name.hasSuffix(".") ? String(name.dropLast()) : name
            if relative.isEmpty {
                report.required(spec["externalName"])
            } else {
                for problem in NameSyntax.subdomain(relative) { report.invalid(spec["externalName"], problem) }
            }
        default: break
        }
    }

    private static func ports(_ ports: Place, _ type: String, _ report: inout Report) {
        var (names, numbers, nodePorts): (Set<String>, Set<String>, Set<String>) = ([], [], [])
        for port in ports.elements {
            let (name, transport, number) = (port["name"], port["protocol"].text, port["port"])
            if name.text.isEmpty {
                if ports.count > 1 { report.required(name) }
            } else {
                report.check(name, NameSyntax.label)
                if !names.insert(name.text).inserted { report.duplicate(name) }
            }
            report.port(number)
            if port["targetPort"].isThere { report.portOrName(port["targetPort"]) }
            if !port["appProtocol"].text.isEmpty {
                for problem in LabelSyntax.problems(key: port["appProtocol"].text) {
                    report.invalid(port["appProtocol"], problem)
                }
            }
            if !numbers.insert("\(transport) \(number.int ?? 0)").inserted {
                report.duplicate(
                    port,
                    [
                        "Name": "", "Protocol": .string(transport), "AppProtocol": nil, "Port": number.json,
                        "TargetPort": 0, "NodePort": 0,
                    ])
            }
            let nodePort = port["nodePort"]
            guard !nodePort.isEmpty else { continue }
            if type == "ClusterIP" {
                report.forbidden(nodePort, "may not be used when `type` is 'ClusterIP'")
            } else if !nodePorts.insert("\(transport) \(nodePort.int ?? 0)").inserted {
                report.duplicate(nodePort)
            }
        }
    }

    private static func affinity(_ spec: Place, _ report: inout Report) {
        guard spec["sessionAffinity"].text == "ClientIP" else {
            if spec["sessionAffinityConfig"].isThere {
                report.forbidden(
                    spec["sessionAffinityConfig"], "must not be set when session affinity is None")
            }
            return
        }
        let timeout = spec["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"]
        if let seconds = timeout.int, !(1...86_400).contains(seconds) {
            report.invalid(timeout, "must be greater than 0 and less than 86400")
        }
    }

    private static func addresses(_ spec: Place, _ type: String, _ report: inout Report) {
        let (one, all) = (spec["clusterIP"].text, spec["clusterIPs"])
        if let first = all.texts.first, first != one {
            report.invalid(all, "first value must match `clusterIP`")
        }
        if all.count > 2 { report.invalid(all, "may only hold up to 2 values") }
        for address in all.elements where address.text != "None" { report.address(address) }
        if all.count > 1, all.texts.contains("None") {
            report.invalid(all, "'None' must be the first and only value")
        } else if Set(all.texts.compactMap { IPAddress($0)?.family }).count < all.count, all.count == 2 {
            report.invalid(all, "may specify no more than one IP for each IP family")
        }
        if all.count == 0, !one.isEmpty, one != "None" { report.address(spec["clusterIP"]) }
        for family in spec["ipFamilies"].elements where !["IPv4", "IPv6"].contains(family.text) {
            report.notSupported(family, ["IPv4", "IPv6"])
        }
        if Set(spec["ipFamilies"].texts).count < spec["ipFamilies"].count {
            report.duplicate(Place(nil, spec["ipFamilies"].path[1]), .string(spec["ipFamilies"].texts.last ?? ""))
        }
        for address in spec["externalIPs"].elements { EndpointRules.checkReachable(address, &report) }
        // So upstream spells the field here.
        let ranges = Place(spec["loadBalancerSourceRanges"].value, spec.path.appending("LoadBalancerSourceRanges"))
        if ranges.count > 0, type != "LoadBalancer" {
            report.forbidden(ranges, "may only be used when `type` is 'LoadBalancer'")
        }
        for range in ranges.elements {
            let text = range.text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
            report.cidr(Place(.string(String(text)), range.path))
        }
    }

    private static func traffic(_ spec: Place, _ type: String, _ report: inout Report) {
        let policy = spec["externalTrafficPolicy"]
        let isReachable =
            type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP" && spec["externalIPs"].count > 0
        if isReachable {
            if policy.text.isEmpty { report.required(policy) }
        } else if !policy.text.isEmpty {
            report.invalid(policy, "may only be set for externally-accessible services")
        }
        let check = spec["healthCheckNodePort"]
        if !check.isEmpty {
            report.range(check, 1...65535)
            if type != "LoadBalancer" || policy.text != "Local" {
                report.invalid(
                    check,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
            }
        }
        let (allocates, balancer) = (spec["allocateLoadBalancerNodePorts"], spec["loadBalancerClass"])
        if type != "LoadBalancer" {
            if allocates.isThere { report.forbidden(allocates, "may only be used when `type` is 'LoadBalancer'") }
            if balancer.isThere { report.forbidden(balancer, "may only be used when `type` is 'LoadBalancer'") }
        } else if balancer.isThere {
            for problem in LabelSyntax.problems(key: balancer.text) { report.invalid(balancer, problem) }
        }
        let distribution = spec["trafficDistribution"]
        let known = ["PreferClose", "PreferSameNode", "PreferSameZone"]
        if distribution.isThere, !known.contains(distribution.text) { report.notSupported(distribution, known) }
    }

    private static func checkUpdate(_ spec: Place, _ old: Place, _ report: inout Report) {
        let (type, oldType) = (spec["type"].text, old["type"].text)
        let was = old["clusterIP"].text
        if type != "ExternalName", oldType != "ExternalName", !was.isEmpty, spec["clusterIP"].text != was {
            report.invalid(
                Place(nil, spec["clusterIPs"].path[0]), spec["clusterIPs"].value ?? [], "may not change once set")
        }
        if type == "LoadBalancer", oldType == "LoadBalancer",
            old["loadBalancerClass"].value != spec["loadBalancerClass"].value
        {
            report.invalid(spec["loadBalancerClass"], "may not change once set")
        }
        if type == "LoadBalancer", oldType == "LoadBalancer", !old["healthCheckNodePort"].isEmpty,
            spec["healthCheckNodePort"].value != old["healthCheckNodePort"].value
        {
            report.forbidden(spec["healthCheckNodePort"], "field is immutable")
        }
    }
}
