internal import JSON

/// Messages of the gateway as our values. What a message leaves out is zero, as in protobuf.
///
/// etcd up to 3.5 and from 3.6 on use two generations of the gateway: both write the field names of the .proto files,
/// but some builds of the second write lowerCamelCase, so both spellings are read.
struct GatewayAnswer {
    let message: JSONValue

    /// A key that could not be read: what it is, and what is there.
    struct Malformed: Error {
        var reason: String
    }

    init(_ message: JSONValue) throws(Malformed) {
        guard message.object != nil else { throw Malformed(reason: "expected an object, found \(message.kind)") }
        self.message = message
    }

    // MARK: Fields

    subscript(name: String) -> JSONValue? {
        guard let value = message[name] ?? message[Self.camelCase(name)], !value.isNull else { return nil }
        return value
    }

    func int64(_ name: String) throws(Malformed) -> Int64 {
        guard let value = self[name] else { return 0 }
        if let text = value.string, let number = Int64(text) { return number }
        if let number = value.int { return Int64(number) }
        throw Malformed(reason: "\(name): expected a 64-bit integer, found \(value.serialized())")
    }

    func bool(_ name: String) throws(Malformed) -> Bool {
        guard let value = self[name] else { return false }
        guard let flag = value.bool else { throw Malformed(reason: "\(name): expected a boolean, found \(value.kind)") }
        return flag
    }

    func string(_ name: String) throws(Malformed) -> String {
        guard let value = self[name] else { return "" }
        guard let text = value.string else {
            throw Malformed(reason: "\(name): expected a string, found \(value.kind)")
        }
        return text
    }

    func bytes(_ name: String) throws(Malformed) -> [UInt8] {
        guard let value = self[name] else { return [] }
        guard let bytes = value.base64Bytes else { throw Malformed(reason: "\(name): expected base64") }
        return bytes
    }

    func answer(_ name: String) throws(Malformed) -> GatewayAnswer? {
        guard let value = self[name] else { return nil }
        return try GatewayAnswer(value)
    }

    func answers(_ name: String) throws(Malformed) -> [GatewayAnswer] {
        guard let value = self[name] else { return [] }
        guard let elements = value.array else {
            throw Malformed(reason: "\(name): expected an array, found \(value.kind)")
        }
        var answers: [GatewayAnswer] = []
        answers.reserveCapacity(elements.count)
        for element in elements { answers.append(try GatewayAnswer(element)) }
        return answers
    }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    // MARK: Messages

    /// The store's revision, from the header that each answer has.
    func revision() throws(Malformed) -> Revision { try answer("header")?.int64("revision") ?? 0 }

    func keyValue() throws(Malformed) -> KeyValue {
        let lease = try int64("lease")
        return KeyValue(
            key: String(decoding: try bytes("key"), as: UTF8.self), value: try bytes("value"),
            createRevision: try int64("create_revision"), modRevision: try int64("mod_revision"),
            version: try int64("version"), lease: lease == 0 ? nil : LeaseID(rawValue: lease))
    }

    func keyValues() throws(Malformed) -> [KeyValue] {
        var keyValues: [KeyValue] = []
        for answer in try answers("kvs") { keyValues.append(try answer.keyValue()) }
        return keyValues
    }

    func transactionResult() throws(Malformed) -> TransactionResult {
        var outcomes: [TransactionResult.Outcome] = []
        for response in try answers("responses") {
            if let range = try response.answer("response_range") {
                outcomes.append(.range(try range.keyValues()))
            } else if let deletion = try response.answer("response_delete_range") {
                outcomes.append(.deleted(Int(try deletion.int64("deleted"))))
            } else if response["response_put"] != nil {
                outcomes.append(.put)
            } else {
                throw Malformed(reason: "responses: none of put, range and deletion")
            }
        }
        return TransactionResult(succeeded: try bool("succeeded"), revision: try revision(), outcomes: outcomes)
    }

    /// Of a grant, keep-alive or time-to-live; a lease that has ended has no time or less.
    func leaseStatus() throws(Malformed) -> LeaseStatus {
        let remaining = Int(try int64("TTL"))
        let granted = Int(try int64("grantedTTL"))
        return LeaseStatus(
            id: LeaseID(rawValue: try int64("ID")), remainingSeconds: remaining,
            grantedSeconds: granted == 0 ? remaining : granted)
    }

    func watchEvent() throws(Malformed) -> WatchEvent {
        guard let keyValue = try answer("kv")?.keyValue() else { throw Malformed(reason: "events: no key") }
        // The type PUT is 0, and so left out.
        return switch self["type"]?.string {
        case nil, "PUT": .put(keyValue)
        case "DELETE": .delete(key: keyValue.key, revision: keyValue.modRevision)
        case let other?: throw Malformed(reason: "events: unknown type \(other)")
        }
    }
}
