internal import JSON

/// Environment variables, and the parts of a pod that they and its files may show.
enum EnvironmentRules {
    static func check(_ variable: Place, _ report: inout Report) {
        report.requireName(variable["name"], NameSyntax.environmentVariable)
        let source = variable["valueFrom"]
        guard source.isThere else { return }
        if source["fieldRef"].isThere { check(field: source["fieldRef"], environmentFields, &report) }
        if source["resourceFieldRef"].isThere {
            check(resource: source["resourceFieldRef"], isVolume: false, &report)
        }
        for name in ["configMapKeyRef", "secretKeyRef"] where source[name].isThere {
            report.check(Place(.string(source[name]["name"].text), source[name]["name"].path), NameSyntax.subdomain)
            report.requireName(source[name]["key"], NameSyntax.configKey)
        }
        let names = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]
        let count = names.count { source[$0].isThere }
        if count == 0 {
            report.invalid(
                source, "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
            )
        } else if !variable["value"].text.isEmpty {
            report.invalid(source, "", "may not be specified when `value` is not empty")
        } else if count > 1 {
            report.invalid(source, "", "may not have more than one field specified at a time")
        }
    }

    static func check(sources: Place, _ report: inout Report) {
        for source in sources.elements {
            if !source["prefix"].text.isEmpty { report.check(source["prefix"], NameSyntax.environmentVariable) }
            let there = ["configMapRef", "secretRef"].filter { source[$0].isThere }
            for name in there { report.requireName(source[name]["name"], NameSyntax.subdomain) }
            // Upstream says these of the list, not of the entry.
            if there.isEmpty {
                report.invalid(sources, "", "must specify one of: `configMapRef` or `secretRef`")
            } else if there.count > 1 {
                report.invalid(sources, "", "may not have more than one field specified at a time")
            }
        }
    }

    // MARK: Fields of a pod

    static let environmentFields = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]
    static let volumeFields = [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    ]
    /// Those that have a name, and yet cannot be shown everywhere.
    private static let otherFields = ["spec.restartPolicy", "spec.schedulerName", "status.phase", "spec.host"]

    static func check(field: Place, _ supported: [String], _ report: inout Report) {
        let place = field["fieldPath"]
        let path = place.text
        if path.isEmpty { return report.required(place) }
        if path.hasSuffix("']"), let start = path.firstRange(of: "['") {
            let (map, key) = (path[..<start.lowerBound], String(path[start.upperBound...].dropLast(2)))
            guard map == "metadata.annotations" || map == "metadata.labels" else {
                return report.invalid(
                    place, "error converting fieldPath: field label does not support subscript: \(path)")
            }
            // An annotation's key may have capitals in its prefix.
            let problems = LabelSyntax.problems(key: map == "metadata.labels" ? key : lowercasedASCII(key))
            for problem in problems { report.invalid(field, .string(key), problem) }
        } else if !(environmentFields + volumeFields + otherFields).contains(path) {
            report.invalid(place, "error converting fieldPath: field label not supported: \(path)")
        } else if !supported.contains(path) {
            report.notSupported(place, supported)
        }
    }

    // MARK: Resources of a container

    private static let resources = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
        "requests.memory",
    ]
    private static let sizes = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]

    static func check(resource selector: Place, isVolume: Bool, _ report: inout Report) {
        let resource = selector["resource"]
        let isHuge = ["limits.hugepages-", "requests.hugepages-"].contains { resource.text.hasPrefix($0) }
        if isVolume, selector["containerName"].text.isEmpty {
            report.required(selector["containerName"])
        } else if resource.text.isEmpty {
            report.required(resource)
        } else if !resources.contains(resource.text), !isHuge {
            report.notSupported(resource, resources)
        }
        let divisor = selector["divisor"]
        guard let amount = Quantity(divisor.text), !amount.isZero else { return }
        let (units, what): ([String], String) =
            switch resource.text.drop(while: { $0 != "." }) {
            case ".cpu": (["1m", "1"], "cpu")
            case ".memory": (sizes, "memory")
            case ".ephemeral-storage": (sizes, "local ephemeral storage")
            default: isHuge ? (sizes, "hugepages") : ([], "")
            }
        if !units.isEmpty, !units.contains(amount.description) {
            let list = units.count == 2 ? "1m and 1" : units.joined(separator: ", ")
            report.invalid(
                divisor, resource.json, "only divisor's values \(list) are supported with the \(what) resource")
        }
    }
}
