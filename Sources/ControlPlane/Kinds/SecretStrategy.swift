internal import JSON
internal import KubeAPI

/// Secrets: what is written as text in `stringData` is stored with the rest in `data`.
final class SecretStrategy: ResourceStrategy {
    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) { mergeText(operation) }
    func prepareForUpdate(_ operation: WriteOperation) throws(APIStatus) { mergeText(operation) }

    private func mergeText(_ operation: WriteOperation) {
        for member in operation.object.pairs("stringData") {
            operation.object.set(.base64((member.value.string ?? "").utf8), at: "data", member.key)
        }
        operation.object.set(nil, at: "stringData")
    }
}
