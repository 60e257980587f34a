internal import JSON
internal import KubeAPI

/// Keeps `metadata.managedFields`: who has set which field.
struct FieldOwnership {
    /// Notes what the operation changes as its manager's. Of server-side apply that has been noted already.
    func record(_ operation: WriteOperation, _ context: WriteContext) {
        guard !context.isApply, let schema = context.type.schema else { return }
        let manager = FieldManager(type: context.type, schema: schema, subresource: context.subresource)
        operation.object = manager.update(
            live: operation.old, new: operation.object, manager: context.fieldManager,
            time: Timestamp(since1970: operation.cluster.now).time)
    }
}
