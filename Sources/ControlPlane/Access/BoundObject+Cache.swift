internal import Identity
internal import JSON
internal import KubeAPI

extension BoundObject {
    /// Read from the object's bytes: every request with a token asks, and a pod is long.
    init(_ kind: Kind, _ object: CachedObject) {
        let header = object.header
        self.init(
            uid: header.uid, deletionTime: header.deletionTimestamp.flatMap { Timestamp($0)?.seconds },
            isInvalid: header.labels[LegacyToken.invalidLabel] != nil)
        object.bytes.withUnsafeBytes { bytes in
            let skim = JSONSkim(bytes)
            switch kind {
            case .pod:
                serviceAccountName = skim.scalarText(["spec", "serviceAccountName"]) ?? ""
                nodeName = skim.scalarText(["spec", "nodeName"]) ?? ""
            case .secret:
                let text = skim.scalarText(["data", "token"]).flatMap(Base64.decode)
                token = text.map { String(decoding: $0, as: UTF8.self) } ?? ""
            case .serviceAccount, .node: break
            }
        }
    }
}
