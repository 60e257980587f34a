internal import JSON

/// What is asked of every object's metadata.
enum ObjectMetaRules {
    /// In bytes, keys and values together.
    private static let annotationLimit = 262_144
    private static let standardFinalizers: Set<String> = ["orphan", "foregroundDeletion", "kubernetes"]

    static func check(_ metadata: Place, _ type: ResourceType, _ report: inout Report) {
        // Reviews, bindings and their like are answered, not stored: they need no name.
        guard type.verbs.contains(.get) || type.verbs.contains(.list) else { return }
        let syntax = KindRules.all[type.groupKind]?.name ?? NameSyntax.subdomain
        check(metadata, isNamespaced: type.isNamespaced, name: syntax, &report)
    }

    static func check(
        _ metadata: Place, isNamespaced: Bool, name syntax: (String) -> [String], _ report: inout Report
    ) {
        let (name, generateName) = (metadata["name"], metadata["generateName"])
        if !generateName.text.isEmpty {
            // What is appended makes the end good.
            var prefix = generateName.text
            while prefix.hasSuffix("-") || prefix.hasSuffix(".") { prefix.removeLast() }
            if !prefix.isEmpty { for problem in syntax(prefix) { report.invalid(generateName, problem) } }
        }
        if name.text.isEmpty {
            report.required(name, "name or generateName is required")
        } else {
            report.check(name, syntax)
        }
        let namespace = metadata["namespace"]
        if isNamespaced {
            report.requireName(namespace, NameSyntax.label)
        } else if !namespace.text.isEmpty {
            report.forbidden(namespace, "not allowed on this type")
        }
        report.nonnegative(metadata["generation"])
        report.labels(metadata["labels"])
        annotations(metadata["annotations"], &report)
        owners(metadata["ownerReferences"], &report)
        finalizers(metadata["finalizers"], &report)
    }

    static func annotations(_ annotations: Place, _ report: inout Report) {
        var size = 0
        for (key, value) in annotations.entries {
            for problem in report.isFull ? [] : LabelSyntax.problems(key: lowercasedASCII(key)) {
                report.invalid(annotations, .string(key), problem)
            }
            size += key.utf8.count + value.text.utf8.count
        }
        if size > annotationLimit { report.tooLong(annotations, annotationLimit) }
    }

    /// Upstream names the list here, not the entry.
    private static func owners(_ owners: Place, _ report: inout Report) {
        var controller: String?
        for element in owners.elements where !report.isFull {
            let owner = Place(element.value, owners.path)
            func need(_ field: String, _ text: String, _ sentence: String = "must not be empty") {
                if text.isEmpty { report.invalid(owner[field], .string(owner[field].text), sentence) }
            }
            let apiVersion = owner["apiVersion"].text
            need("apiVersion", GroupVersion(apiVersion: apiVersion)?.version ?? "", "version must not be empty")
            for field in ["kind", "name", "uid"] { need(field, owner[field].text) }
            if apiVersion == "v1", owner["kind"].text == "Event" {
                report.invalid(owner, "/v1, Kind=Event is disallowed from being an owner")
            }
            guard owner["controller"].isTrue else { continue }
            let name = "\(owner["kind"].text)/\(owner["name"].text)"
            if let controller {
                report.invalid(
                    owners,
                    "Only one reference can have Controller set to true. Found \"true\" in references for "
                        + "\(controller) and \(name)")
            }
            controller = controller ?? name
        }
    }

    private static func finalizers(_ finalizers: Place, _ report: inout Report) {
        for finalizer in finalizers.elements where !report.isFull {
            for problem in LabelSyntax.problems(key: finalizer.text) {
                report.invalid(finalizers, finalizer.json, problem)
            }
            if isUnknown(finalizer.text) { report.invalid(finalizer, unknownFinalizer) }
        }
        if finalizers.texts.contains("orphan"), finalizers.texts.contains("foregroundDeletion") {
            report.invalid(finalizers, "finalizer orphan and foregroundDeletion cannot be both set")
        }
    }

    private static let unknownFinalizer = "name is neither a standard finalizer name nor is it fully qualified"

    private static func isUnknown(_ finalizer: String) -> Bool {
        !finalizer.contains("/") && !standardFinalizers.contains(finalizer)
    }

    /// A namespace has finalizers of its own.
    static func checkNamespace(finalizers: Place, _ report: inout Report) {
        for text in finalizers.texts {
            for problem in LabelSyntax.problems(key: text) { report.invalid(finalizers, .string(text), problem) }
            if isUnknown(text) { report.invalid(finalizers, .string(text), unknownFinalizer) }
        }
    }

    static func checkUpdate(_ metadata: Place, _ old: JSONValue?, _ report: inout Report) {
        for field in [
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        ] {
            report.immutable(metadata[field], old?.member(field))
        }
        if old?.member("deletionTimestamp") != nil {
            let known = Set((old?.member("finalizers")?.array ?? []).compactMap(\.string))
            let added = metadata["finalizers"].texts.filter { !known.contains($0) }
            if !added.isEmpty {
                let list = added.map(FieldCause.quoted).joined(separator: ", ")
                report.forbidden(
                    metadata["finalizers"],
                    "no new finalizers can be added if the object is being deleted, found new finalizers "
                        + "[]string{\(list)}")
            }
        }
        if let was = old?.member("generation")?.int, let value = metadata["generation"].int, value < was {
            report.invalid(metadata["generation"], "must not be decremented")
        }
    }
}
