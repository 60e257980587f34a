internal import JSON
internal import NetTypes

/// Ingresses and their classes.
enum IngressRules {
    @Sendable static func check(_ ingress: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = ingress["spec"]
        let (annotation, name) = ("kubernetes.io/ingress.class", spec["ingressClassName"])
        let former = ingress["metadata"]["annotations"].value?.member(annotation)
        if old == nil, let former, name.isThere, former.string != name.text {
            report.invalid(
                Place(former, PlacePath("annotations", annotation)),
                "must match `ingressClassName` when both are specified")
        }
        let (rules, fallback) = (spec["rules"], spec["defaultBackend"])
        if rules.count == 0, !fallback.isThere {
            report.invalid(spec, .null, "either `defaultBackend` or `rules` must be specified")
        }
        if fallback.isThere { backend(fallback, &report) }
        for rule in rules.elements {
            host(rule["host"], &report)
            let paths = rule["http"]["paths"]
            if rule["http"].isThere, paths.count == 0 { report.required(paths) }
            for path in paths.elements {
                check(path: path, &report)
                backend(path["backend"], &report)
            }
        }
        for tls in spec["tls"].elements {
            for name in tls["hosts"].elements { host(name, &report) }
            if !tls["secretName"].text.isEmpty { report.check(tls["secretName"], NameSyntax.subdomain) }
        }
        if spec["ingressClassName"].isThere { report.check(spec["ingressClassName"], NameSyntax.subdomain) }
    }

    private static func host(_ host: Place, _ report: inout Report) {
        if host.text.isEmpty { return }
        if IPAddress(host.text) != nil { report.invalid(host, "must be a DNS name, not an IP address") }
        report.check(host, host.text.contains("*") ? NameSyntax.wildcardSubdomain : NameSyntax.subdomain)
    }

    private static func check(path: Place, _ report: inout Report) {
        let (type, text) = (path["pathType"], path["path"])
        if !type.isThere { return report.required(type, "pathType must be specified") }
        if type.text == "ImplementationSpecific" {
            if !text.text.isEmpty, !text.text.hasPrefix("/") { report.invalid(text, "must be an absolute path") }
            return
        }
        if !text.text.hasPrefix("/") { report.invalid(text, .string(text.text), "must be an absolute path") }
        for bad in ["//", "/./", "/../", "%2f", "%2F"] where text.text.contains(bad) {
            report.invalid(text, "must not contain '\(bad)'")
        }
        for bad in ["/..", "/."] where text.text.hasSuffix(bad) { report.invalid(text, "cannot end with '\(bad)'") }
    }

    private static func backend(_ backend: Place, _ report: inout Report) {
        let (service, resource) = (backend["service"], backend["resource"])
        if service.isThere, resource.isThere {
            return report.invalid(backend, "", "cannot set both resource and service backends")
        }
        if resource.isThere { return reference(resource, &report) }
        guard service.isThere else {
            return report.invalid(backend, "", "resource or service backend is required")
        }
        report.requireName(service["name"], NameSyntax.label1035)
        let (name, number) = (service["port"]["name"], service["port"]["number"])
        if !name.text.isEmpty, !number.isEmpty {
            report.invalid(backend, "", "cannot set both port name & port number")
        } else if !name.text.isEmpty {
            report.check(name, NameSyntax.portName)
        } else if !number.isEmpty {
            report.port(number)
        } else {
            report.required(backend, "port name or number is required")
        }
    }

    private static func reference(_ object: Place, _ report: inout Report) {
        if object["apiGroup"].isThere { report.check(object["apiGroup"], NameSyntax.subdomain) }
        report.requireName(object["kind"], NameSyntax.pathSegment)
        report.requireName(object["name"], NameSyntax.pathSegment)
    }

    /// A domain and a path behind it: `example.com/controller`.
    private static func controller(_ place: Place, _ report: inout Report) {
        if place.text.utf8.count > 250 { report.tooLong(place, 250) }
        let parts = place.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if place.text.isEmpty {
            report.required(place)
        } else if parts.count < 2 || parts.contains(where: \.isEmpty) {
            report.invalid(place, "must be a domain-prefixed path (such as \"acme.io/foo\")")
        } else {
            let host = String(parts[0])
            for problem in NameSyntax.subdomain(host) { report.invalid(place, .string(host), problem) }
        }
    }

    @Sendable static func checkClass(_ class: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = `class`["spec"]
        if let old {
            report.immutable(spec["controller"], old.member(at: "spec", "controller"))
        } else {
            controller(spec["controller"], &report)
        }
        let parameters = spec["parameters"]
        guard parameters.isThere else { return }
        reference(parameters, &report)
        let (scope, namespace) = (parameters["scope"], parameters["namespace"])
        switch scope.text {
        case "Namespace":
            if namespace.text.isEmpty {
                report.required(namespace, "`parameters.scope` is set to 'Namespace'")
            } else {
                report.check(namespace, NameSyntax.label)
            }
        case "Cluster":
            if namespace.isThere { report.forbidden(namespace, "`parameters.scope` is set to 'Cluster'") }
        default: report.notSupported(scope, ["Cluster", "Namespace"])
        }
    }
}
