/// Fields that an apply would change and that another manager owns.
struct ApplyConflict {
    var manager: ManagedFields.Manager
    var paths: [String]

    /// The answer, in upstream's words: 409 with a cause for each field.
    static func status(_ conflicts: [ApplyConflict]) -> APIStatus {
        let sorted = conflicts.sorted { $0.manager.description < $1.manager.description }
        let causes = sorted.flatMap { conflict in
            conflict.paths.map {
                APIStatus.Cause(
                    reason: "FieldManagerConflict", message: "conflict with \(conflict.manager)", field: $0)
            }
        }
        let message: String
        if causes.count == 1 {
            message = "Apply failed with 1 conflict: \(causes[0].message): \(causes[0].field)"
        } else {
            let lines = sorted.flatMap { ["conflicts with \($0.manager):"] + $0.paths.map { "- \($0)" } }
            message = "Apply failed with \(causes.count) conflicts: " + lines.joined(separator: "\n")
        }
        return APIStatus(code: 409, reason: "Conflict", message: message, details: .init(causes: causes))
    }
}
