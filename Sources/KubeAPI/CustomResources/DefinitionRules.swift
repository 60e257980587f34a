internal import JSON

/// What is asked of a CustomResourceDefinition.
enum DefinitionRules {
    @Sendable static func check(_ definition: Place, _ old: JSONValue?, _ report: inout Report) {
        let (name, spec) = (definition["metadata"]["name"], definition["spec"])
        let (group, names) = (spec["group"], spec["names"])
        let expected = "\(names["plural"].text).\(group.text)"
        if name.text != expected { report.invalid(name, "must be spec.names.plural+\".\"+spec.group") }
        if group.text.isEmpty {
            report.required(group)
        } else {
            report.check(group, NameSyntax.subdomain)
            if !group.text.contains(".") { report.invalid(group, "should be a domain with at least one dot") }
        }
        let scope = spec["scope"]
        if scope.text.isEmpty {
            report.required(scope)
        } else if !["Cluster", "Namespaced"].contains(scope.text) {
            report.notSupported(scope, ["Cluster", "Namespaced"])
        }
        check(names: names, &report)
        check(versions: spec["versions"], &report)
        if spec["preserveUnknownFields"].isTrue {
            report.invalid(
                spec["preserveUnknownFields"],
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
            )
        }
        conversion(spec["conversion"], &report)
        if let old { checkUpdate(spec, Place(old), &report) }
    }

    private static func check(names: Place, _ report: inout Report) {
        for field in ["plural", "singular", "kind", "listKind"] {
            if names[field].text.isEmpty {
                report.required(names[field])
            } else {
                for problem in NameSyntax.label1035(lowercasedASCII(names[field].text)) {
                    report.invalid(names[field], "may have mixed case, but should otherwise match: \(problem)")
                }
            }
        }
        for short in names["shortNames"].elements { report.check(short, NameSyntax.label1035) }
        for category in names["categories"].elements { report.check(category, NameSyntax.label1035) }
        if names["kind"].text == names["listKind"].text, !names["kind"].text.isEmpty {
            report.invalid(names["listKind"], "kind and listKind may not be the same")
        }
    }

    private static func check(versions: Place, _ report: inout Report) {
        if versions.count == 0 { report.required(versions, "at least one version is required") }
        var seen: Set<String> = []
        for version in versions.elements {
            report.requireName(version["name"], NameSyntax.label1035)
            if !seen.insert(version["name"].text).inserted {
                report.invalid(version["name"], "must contain unique version names")
            }
            let schema = version["schema"]["openAPIV3Schema"]
            if !schema.isThere {
                report.required(schema, "schemas are required")
            } else {
                if schema["type"].text != "object" {
                    if schema["type"].text.isEmpty {
                        report.required(schema["type"], "must not be empty at the root")
                    } else {
                        report.invalid(schema["type"], "must be object at the root")
                    }
                }
                structural(schema, isRoot: true, &report)
            }
            for column in version["additionalPrinterColumns"].elements {
                for field in ["name", "jsonPath"] { report.requireText(column[field]) }
                let types = ["boolean", "date", "integer", "number", "string"]
                if !types.contains(column["type"].text) {
                    report.invalid(column["type"], "must be one of \(types.joined(separator: ","))")
                }
            }
            scale(version["subresources"]["scale"], &report)
        }
        if versions.elements.count(where: { $0["storage"].isTrue }) != 1 {
            report.invalid(versions, "must have exactly one version marked as storage version")
        }
    }

    private static func scale(_ scale: Place, _ report: inout Report) {
        guard scale.isThere else { return }
        for (field, prefix) in [("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")] {
            if scale[field].text.isEmpty {
                report.required(scale[field])
            } else if !scale[field].text.hasPrefix(prefix) {
                report.invalid(scale[field], "should be a json path under \(prefix.dropLast())")
            }
        }
    }

    private static func conversion(_ conversion: Place, _ report: inout Report) {
        guard conversion["strategy"].text == "Webhook" else {
            if conversion["webhook"].isThere {
                report.forbidden(conversion["webhook"], "should not be set when strategy is not set to Webhook")
            }
            return
        }
        if !conversion["webhook"]["clientConfig"].isThere {
            report.required(
                conversion["webhook"]["clientConfig"], "required when strategy is set to Webhook")
        }
    }

    /// Rules of a structural schema: every node says its type, and value validations say none.
    private static func structural(_ node: Place, isRoot: Bool = false, _ report: inout Report) {
        let type = node["type"]
        let isFree = node["x-kubernetes-int-or-string"].isTrue || node["x-kubernetes-preserve-unknown-fields"].isTrue
        let types = ["array", "boolean", "integer", "number", "object", "string"]
        if type.text.isEmpty {
            if !isFree, !isRoot { report.required(type, "must not be empty for specified object fields") }
        } else if !types.contains(type.text) {
            report.notSupported(type, types)
        }
        if type.text == "array", !node["items"].isThere { report.required(node["items"], "must be specified") }
        if node["items"].value?.array != nil {
            report.forbidden(node["items"], "items must be a schema object and not an array")
        }
        for field in ["$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "id"]
        where node[field].isThere {
            report.forbidden(node[field], "\(field) is not supported")
        }
        pattern(node["pattern"], &report)
        if node["uniqueItems"].isTrue {
            report.forbidden(
                node["uniqueItems"], "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")
        }
        if node["additionalProperties"].value == false {
            report.forbidden(node["additionalProperties"], "additionalProperties cannot be set to false")
        }
        if node["properties"].count > 0, node["additionalProperties"].isThere {
            report.forbidden(node["additionalProperties"], "additionalProperties and properties are mutual exclusive")
        }
        if node["x-kubernetes-list-type"].text == "map", node["x-kubernetes-list-map-keys"].count == 0 {
            report.required(
                node["x-kubernetes-list-map-keys"],
                "must not be empty if x-kubernetes-list-type is map")
        }
        for (_, property) in node["properties"].entries { structural(property, &report) }
        if node["items"].value?.object != nil { structural(node["items"], &report) }
        if node["additionalProperties"].value?.object != nil { structural(node["additionalProperties"], &report) }
    }

    private static func pattern(_ pattern: Place, _ report: inout Report) {
        guard !pattern.text.isEmpty else { return }
        do throws(Pattern.Failure) {
            _ = try Pattern(pattern.text)
        } catch {
            if error.isUnsupported { return }
            report.invalid(
                pattern,
                "must be a valid regular expression, but isn't: error parsing regexp: \(error.reason): "
                    + "`\(pattern.text)`")
        }
    }

    /// What clients of the kind rely on stays as it is once names have been accepted.
    private static func checkUpdate(_ spec: Place, _ old: Place, _ report: inout Report) {
        let isEstablished = old["status"]["conditions"].elements.contains {
            $0["type"].text == "Established" && $0["status"].text == "True"
        }
        let was = old["spec"]
        report.immutable(spec["group"], was["group"].value)
        report.immutable(spec["names"]["plural"], was["names"]["plural"].value)
        guard isEstablished else { return }
        report.immutable(spec["scope"], was["scope"].value)
        report.immutable(spec["names"]["kind"], was["names"]["kind"].value)
        let names = Set(spec["versions"].elements.map { $0["name"].text })
        for version in old["status"]["storedVersions"].texts where !names.contains(version) {
            report.invalid(
                Place(nil, PlacePath("status", "storedVersions")[0]), .string(version), "must appear in spec.versions")
        }
    }
}
