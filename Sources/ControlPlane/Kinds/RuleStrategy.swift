internal import JSON
internal import KubeAPI

/// A strategy for kinds that differ from the plain ones in a rule or two only.
final class RuleStrategy: ResourceStrategy {
    let timeToLive: Int?
    let createsOnUpdate: Bool
    let allowsUnconditionalUpdate: Bool
    let keepsFirstStatus: Bool
    let defaultPropagation: DeleteOptions.Propagation?
    private let firstStatus: JSONValue?

    init(
        timeToLive: Int? = nil, createsOnUpdate: Bool = false, unconditional: Bool = true,
        keepsFirstStatus: Bool = false, firstStatus: JSONValue? = nil,
        defaultPropagation: DeleteOptions.Propagation? = nil
    ) {
        self.defaultPropagation = defaultPropagation
        self.keepsFirstStatus = keepsFirstStatus
        self.timeToLive = timeToLive
        self.createsOnUpdate = createsOnUpdate
        allowsUnconditionalUpdate = unconditional
        self.firstStatus = firstStatus
    }

    func prepareForCreate(_ operation: WriteOperation) throws(APIStatus) {
        if let firstStatus { operation.object.set(firstStatus, at: "status") }
    }
}
