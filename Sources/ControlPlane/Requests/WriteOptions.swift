internal import HTTP
internal import JSON
internal import KubeAPI

/// The parameters that writes have in common. All that is wrong with them is said at once; a parameter that means nothing
/// must not be passed over, as a client that asks for some other kind of dry run wants nothing written.
enum WriteOptions {
    static func check(_ call: APICall, _ verb: Verbs) throws(APIStatus) {
        let kind: String
        switch verb {
        case .create: kind = "CreateOptions"
        case .update: kind = "UpdateOptions"
        case .patch: kind = "PatchOptions"
        case .delete, .deletecollection: kind = "DeleteOptions"
        default: return
        }
        var causes: [FieldCause] = []
        if verb == .patch, MediaType(call.headers["content-type"] ?? "")?.type == PatchBody.Kind.apply.rawValue {
            if call.query["fieldManager"] == nil {
                causes.append(.required("fieldManager", "is required for apply patch"))
            }
        } else if verb == .patch, call.query["force"] != nil {
            causes.append(.forbidden("force", "may not be specified for non-apply patch"))
        }
        if let manager = call.query["fieldManager"] { causes += problems(manager: manager) }
        causes += problems(dryRun: call.query.all("dryRun").filter { !$0.isEmpty })
        if let validation = call.query["fieldValidation"], !["Ignore", "Strict", "Warn"].contains(validation) {
            causes.append(
                .notSupported("fieldValidation", .string(validation), ["", "Ignore", "Strict", "Warn"]))
        }
        if !causes.isEmpty { throw .invalid(GroupKind(group: "meta.k8s.io", kind: kind), "", causes) }
    }

    static func problems(dryRun: [String]) -> [FieldCause] {
        dryRun.allSatisfy { $0 == "All" } ? [] : [.notSupported("dryRun", .texts(dryRun), ["All"])]
    }

    private static let longestManager = 128

    private static func problems(manager: String) -> [FieldCause] {
        var causes: [FieldCause] = []
        if manager.utf8.count > longestManager { causes.append(.tooLong("fieldManager", limit: longestManager)) }
        let scalars = manager.unicodeScalars.enumerated()
        if let (index, scalar) = scalars.first(where: { $0.element.properties.generalCategory == .control }) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
            causes.append(
                .invalid("fieldManager", .string(manager), "invalid character U+\(padded) (at position \(index))"))
        }
        return causes
    }
}
