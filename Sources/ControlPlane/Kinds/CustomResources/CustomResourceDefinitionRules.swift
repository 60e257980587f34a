internal import JSON
internal import KubeAPI

/// What a CustomResourceDefinition may say
/// (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/).
enum CustomResourceDefinitionRules {
    static let approval = "api-approved.kubernetes.io"

    static func causes(_ definition: JSONValue, old: JSONValue?) -> [FieldCause] {
        var causes: [FieldCause] = []
        let group = definition.text("spec", "group")
        let plural = definition.text("spec", "names", "plural")
        let name = definition.text("metadata", "name")
        if name != "\(plural).\(group)" {
            causes.append(.invalid("metadata.name", .string(name), "must be spec.names.plural+\".\"+spec.group"))
        }
        causes += namesCauses(definition, group)
        causes += versionCauses(definition.list("spec", "versions"))
        let scope = definition.text("spec", "scope")
        if scope != "Cluster" && scope != "Namespaced" {
            causes.append(.notSupported("spec.scope", .string(scope), ["Cluster", "Namespaced"]))
        }
        if let strategy = definition.at("spec", "conversion", "strategy")?.string, strategy != "None" {
            causes.append(.notSupported("spec.conversion.strategy", .string(strategy), ["None"]))
        }
        if definition.flag("spec", "preserveUnknownFields") {
            causes.append(
                .invalid(
                    "spec.preserveUnknownFields", true,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
                        + "spec.versions[*].schema instead"))
        }
        let isProtected = ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix(".\($0)") }
        if isProtected, definition.text("metadata", "annotations", approval).isEmpty {
            causes.append(
                .required(
                    "metadata.annotations[\(approval)]",
                    "protected groups must have approval annotation \"\(approval)\", see "
                        + "https://github.com/kubernetes/enhancements/pull/1111"))
        }
        if let old, old.hasCondition("Established") { causes += immutableCauses(definition, old) }
        return causes
    }

    private static func namesCauses(_ definition: JSONValue, _ group: String) -> [FieldCause] {
        var causes: [FieldCause] = []
        if group.isEmpty {
            causes.append(.required("spec.group"))
        } else if !group.contains(".") {
            causes.append(.invalid("spec.group", .string(group), "should be a domain with at least one dot"))
        }
        for field in ["plural", "singular", "kind", "listKind"] {
            let value = definition.text("spec", "names", field)
            if value.isEmpty {
                causes.append(.required("spec.names.\(field)"))
            } else if !isLabel(value.lowercased()) || (!field.hasSuffix("ind") && value != value.lowercased()) {
                causes.append(
                    .invalid(
                        "spec.names.\(field)", .string(value),
                        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                            + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
                            + "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"))
            }
        }
        let kind = definition.text("spec", "names", "kind")
        if !kind.isEmpty && kind == definition.text("spec", "names", "listKind") {
            causes.append(
                .invalid("spec.names.listKind", .string(kind), "kind and listKind may not be the same"))
        }
        return causes
    }

    private static func isLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
        func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
        return isLetter(first) && (isLetter(last) || isDigit(last))
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func versionCauses(_ versions: [JSONValue]) -> [FieldCause] {
        var causes: [FieldCause] = []
        if versions.isEmpty { causes.append(.required("spec.versions", "must have at least one version")) }
        let names = versions.map { $0.text("name") }
        if Set(names).count != names.count {
            causes.append(.invalid("spec.versions", .texts(names), "must contain unique version names"))
        }
        if versions.count(where: { $0.flag("storage") }) != 1, !versions.isEmpty {
            causes.append(
                .invalid("spec.versions", .texts(names), "must have exactly one version marked as storage version"))
        }
        for (index, version) in versions.enumerated() {
            let path = "spec.versions[\(index)]"
            if !isLabel(version.text("name")) {
                causes.append(
                    .invalid(
                        "\(path).name", .string(version.text("name")),
                        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
                    ))
            }
            guard let schema = version.at("schema", "openAPIV3Schema") else {
                causes.append(.required("\(path).schema.openAPIV3Schema", "schemas are required"))
                continue
            }
            causes += StructuralRules.causes(schema, "\(path).schema.openAPIV3Schema")
            causes += scaleCauses(version, path)
        }
        return causes
    }

    private static func scaleCauses(_ version: JSONValue, _ path: String) -> [FieldCause] {
        guard let scale = version.at("subresources", "scale") else { return [] }
        return [("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")].compactMap { field, prefix in
            let value = scale.text(field)
            let place = "\(path).subresources.scale.\(field)"
            if value.isEmpty { return .required(place) }
            if value.hasPrefix(prefix), !value.contains("[") { return nil }
            return .invalid(place, .string(value), "should be a json path under \(prefix.dropLast())")
        }
    }

    private static func immutableCauses(_ new: JSONValue, _ old: JSONValue) -> [FieldCause] {
        [["spec", "group"], ["spec", "scope"], ["spec", "names", "kind"], ["spec", "names", "plural"]].compactMap {
            let value = new.at($0[...])
            if value == old.at($0[...]) { return nil }
            return .invalid($0.joined(separator: "."), value ?? .null, "field is immutable")
        }
    }
}

/// What makes a schema structural: every value has a type.
enum StructuralRules {
    static func causes(_ schema: JSONValue, _ path: String) -> [FieldCause] {
        var causes: [FieldCause] = []
        if schema.text("type") != "object" {
            let type = schema.text("type")
            causes.append(
                type.isEmpty
                    ? .required("\(path).type", "must not be empty at the root")
                    : .invalid("\(path).type", .string(type), "must be object at the root"))
        }
        check(schema, path, isRoot: true, &causes)
        return causes
    }

    private static func check(_ schema: JSONValue, _ path: String, isRoot: Bool = false, _ causes: inout [FieldCause]) {
        let isFree =
            schema.flag("x-kubernetes-int-or-string") || schema.flag("x-kubernetes-preserve-unknown-fields")
        if !isRoot && !isFree && schema.text("type").isEmpty {
            causes.append(.required("\(path).type", "must not be empty for specified object fields"))
        }
        if schema.at("$ref") != nil { causes.append(.forbidden("\(path).$ref", "$ref is not supported")) }
        if schema.at("properties") != nil, schema.at("additionalProperties") != nil {
            causes.append(
                .forbidden("\(path).additionalProperties", "additionalProperties and properties are mutual exclusive"))
        }
        for member in schema.pairs("properties") {
            check(member.value, "\(path).properties[\(member.key)]", &causes)
        }
        if let additional = schema.at("additionalProperties"), additional.object != nil {
            check(additional, "\(path).additionalProperties", &causes)
        }
        if let items = schema.at("items") { check(items, "\(path).items", &causes) }
        if schema.text("type") == "array", schema.at("items") == nil {
            causes.append(.required("\(path).items", "must be specified"))
        }
        if schema.text("x-kubernetes-list-type") == "map", schema.list("x-kubernetes-list-map-keys").isEmpty {
            causes.append(
                .required(
                    "\(path).x-kubernetes-list-map-keys",
                    "must not be empty if x-kubernetes-list-type is map"))
        }
    }
}
