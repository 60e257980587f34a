internal import JSON

/// Whether a definition's names are free in its group, and what the definition's status says about that.
struct CustomResourceNames {
    let definition: JSONValue
    /// All other definitions.
    let others: [JSONValue]

    /// The status after a look at the names: accepted ones stay accepted, as objects may exist under them.
    func status(now: String) -> JSONValue {
        var result = definition
        let spec = definition.at("spec", "names") ?? [:]
        let taken = Taken(group: definition.text("spec", "group"), others)
        var accepted = definition.at("status", "acceptedNames") ?? ["plural": "", "kind": ""]
        var conflicts: [(reason: String, message: String)] = []

        func accept(_ field: String, _ reason: String, _ isTaken: (String) -> Bool) {
            let wanted = spec.text(field)
            if wanted == accepted.text(field) { return }
            if isTaken(wanted) {
                conflicts.append((reason, "\"\(wanted)\" is already in use"))
            } else {
                accepted.set(wanted.isEmpty ? nil : .string(wanted), at: field)
            }
        }
        accept("plural", "PluralConflict", taken.resources.contains)
        accept("singular", "SingularConflict", taken.resources.contains)
        let short = spec.texts("shortNames")
        let clashes = short.filter { taken.resources.contains($0) }
        if clashes.isEmpty {
            accepted.set(short.isEmpty ? nil : .texts(short), at: "shortNames")
        } else {
            conflicts += clashes.map { ("ShortNamesConflict", "\"\($0)\" is already in use") }
        }
        accept("kind", "KindConflict", taken.kinds.contains)
        accept("listKind", "ListKindConflict", taken.kinds.contains)
        accepted.set(spec.at("categories"), at: "categories")
        result.set(accepted, at: "status", "acceptedNames")

        let names: JSONValue
        if let first = conflicts.first {
            names = [
                "type": "NamesAccepted", "status": "False",
                "reason": .string(conflicts.count > 1 ? "MultipleConflicts" : first.reason),
                "message": .string(conflicts.map(\.message).joined(separator: ", ")),
            ]
        } else {
            names = [
                "type": "NamesAccepted", "status": "True", "reason": "NoConflicts", "message": "no conflicts found",
            ]
        }
        result.setCondition(names, now: now)
        // Once established it stays so.
        if !result.hasCondition("Established") {
            let established: JSONValue =
                conflicts.isEmpty
                ? [
                    "type": "Established", "status": "True", "reason": "InitialNamesAccepted",
                    "message": "the initial names have been accepted",
                ]
                : [
                    "type": "Established", "status": "False", "reason": "NotAccepted",
                    "message": "not all names are accepted",
                ]
            result.setCondition(established, now: now)
        }
        return result
    }

    /// The names that others have in the group.
    private struct Taken {
        var resources: Set<String> = []
        var kinds: Set<String> = []

        init(group: String, _ others: [JSONValue]) {
            for other in others where other.text("spec", "group") == group {
                let names = other.at("status", "acceptedNames") ?? .null
                resources.formUnion([names.text("plural"), names.text("singular")])
                resources.formUnion(names.texts("shortNames"))
                kinds.formUnion([names.text("kind"), names.text("listKind")])
            }
            resources.remove("")
            kinds.remove("")
        }
    }
}
