internal import JSON
internal import KubeAPI

/// What becomes of fields that nobody knows, or that are there twice: the parameter `fieldValidation`.
struct FieldChecks {
    private enum Mode { case strict, warn, ignore }

    private let mode: Mode

    /// Other words have been refused before (`WriteOptions`).
    init(_ parameter: String?) {
        switch parameter {
        case "Strict": mode = .strict
        case "Ignore": mode = .ignore
        default: mode = .warn
        }
    }

    /// The object as its schema knows it.
    func decode(_ value: JSONValue, _ kind: GroupVersionKind, _ schema: Schema, _ duplicates: [String] = [])
        throws(APIStatus) -> BodyDecoder.Decoded
    {
        let decoded: DecodedObject
        do throws(DecodingError) {
            decoded = try schema.decode(value)
        } catch {
            throw .undecodable(kind, error.message)
        }
        let problems = duplicates + decoded.strictProblems
        switch mode {
        case .strict where !problems.isEmpty: throw .strictProblems(kind, problems)
        case .warn: return BodyDecoder.Decoded(object: decoded.value, warnings: problems)
        default: return BodyDecoder.Decoded(object: decoded.value)
        }
    }
}
