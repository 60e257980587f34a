internal import JSON
internal import NetTypes

/// A node's lease as annotations: flannel's, both ways.
extension AnnotationKeys {
    /// The lease that a node's annotations tell; nil for a node that takes no part.
    func attributes(_ node: NodeRecord) throws(LeaseFormatError) -> LeaseAttributes? {
        let annotations = node.annotations
        guard annotations[isManaged] == "true" else { return nil }
        let v4 = try address(annotations, publicIP, .v4)
        let v6 = try address(annotations, publicIPv6, .v6)
        return LeaseAttributes(
            publicIPv4: v4?.v4, publicIPv6: v6?.v6, backendType: annotations[backendType] ?? "",
            backendData: try data(annotations, backendData), backendV6Data: try data(annotations, backendV6Data))
    }

    private func address(_ annotations: [String: String], _ key: String, _ family: IPFamily) throws(LeaseFormatError)
        -> IPAddress?
    {
        guard let text = annotations[key], !text.isEmpty else { return nil }
        guard let address = IPAddress(text), address.family == family else {
            throw LeaseFormatError(field: key, reason: "\"\(text)\" is no IP\(family) address")
        }
        return address.isUnspecified ? nil : address
    }

    private func data(_ annotations: [String: String], _ key: String) throws(LeaseFormatError) -> JSONValue? {
        guard let text = annotations[key], !text.isEmpty else { return nil }
        do throws(JSONError) {
            let value = try JSONValue.parse(text)
            // Not the conditional operator, which would take this nil for JSON's null.
            if value.isNull { return nil }
            return value
        } catch {
            throw LeaseFormatError(field: key, reason: error.description)
        }
    }

    /// The annotations that tell the lease, of these families. A flanneld beside us takes its MAC from the text itself, by
    /// splitting it: compact, with VtepMAC last. Backends without data have the word null there.
    func annotations(_ attributes: LeaseAttributes, _ families: [IPFamily]) -> [String: String] {
        var annotations = [isManaged: "true", backendType: attributes.backendType]
        if families.contains(.v4) {
            annotations[backendData] = (attributes.backendData ?? .null).serialized()
            annotations[publicIP] = attributes.publicIPv4?.description
        }
        if families.contains(.v6) {
            annotations[backendV6Data] = (attributes.backendV6Data ?? .null).serialized()
            annotations[publicIPv6] = attributes.publicIPv6?.description
        }
        return annotations
    }

    /// What of the node's annotations differs from the lease, as a patch of its metadata; nil when nothing does. What an
    /// earlier run has told of a family that is off now is taken back.
    func patch(_ node: NodeRecord, to attributes: LeaseAttributes, _ families: [IPFamily]) -> JSONValue? {
        let wanted = annotations(attributes, families)
        var changes: [(String, JSONValue)] = []
        for key in [isManaged, backendType, backendData, publicIP, backendV6Data, publicIPv6]
        where node.annotations[key] != wanted[key] {
            changes.append((key, wanted[key].map { .string($0) } ?? .null))
        }
        if changes.isEmpty { return nil }
        return ["metadata": ["annotations": .object(JSONObject(changes))]]
    }

    /// What an operator, or an earlier run, says about this node.
    func wishes(_ node: NodeRecord) -> NodeWishes {
        var wishes = NodeWishes()
        for (family, chosen, overwrite) in [
            (IPFamily.v4, nodePublicIP, publicIPOverwrite), (.v6, nodePublicIPv6, publicIPv6Overwrite),
        ] {
            for key in [chosen, overwrite] {
                guard let text = node.annotations[key], !text.isEmpty else { continue }
                if let address = IPAddress(text), address.family == family {
                    if key == chosen { wishes.chosen[family] = address } else { wishes.overwrites[family] = address }
                } else {
                    wishes.problems.append("annotation \(key): \"\(text)\" is no IP\(family) address")
                }
            }
        }
        let lease = try? attributes(node)
        for family in IPFamily.allCases {
            wishes.macs[family] = (try? VTEPData(json: lease?.backendData(family)))?.mac
        }
        return wishes
    }
}
