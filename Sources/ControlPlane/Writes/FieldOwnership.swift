internal import JSON
internal import KubeAPI

/// Keeps `metadata.managedFields`: who has set which field.
struct FieldOwnership {
    func record(_ operation: WriteOperation, _ context: WriteContext) {}
}
