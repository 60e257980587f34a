package import Store

/// From what is stored to what is served. The store's own revision is the resource version, so the stored text does not
/// have it; it is put in as the first member of the metadata, by position, without decoding.
package enum ServedBytes {
    package static func make(_ stored: [UInt8], revision: Revision) -> [UInt8] {
        let place = stored.withUnsafeBytes { find(JSONSkim($0)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stored.count + 48)
        switch place {
        case .none: return stored
        case .replaces(let value):
            bytes.append(contentsOf: stored[..<value.lowerBound])
            bytes.append(contentsOf: "\"\(revision)\"".utf8)
            bytes.append(contentsOf: stored[value.upperBound...])
        case .inserts(let offset):
            bytes.append(contentsOf: stored[..<offset])
            bytes.append(contentsOf: "\"resourceVersion\":\"\(revision)\"".utf8)
            if offset < stored.count, stored[offset] != UInt8(ascii: "}") { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: stored[offset...])
        }
        return bytes
    }

    private enum Place {
        /// Right behind the metadata's opening brace.
        case inserts(Int)
        /// Somebody has written a version there.
        case replaces(Range<Int>)
        case none
    }

    private static func find(_ skim: JSONSkim) -> Place {
        guard let document = skim.document, let metadata = skim.opened("metadata", of: document),
            skim.isObject(metadata)
        else { return .none }
        // Nobody has, mostly, and then the metadata need not be read to its end.
        if skim.mentions("\"resourceVersion\""), let version = skim.member("resourceVersion", of: metadata) {
            return .replaces(version)
        }
        return .inserts(metadata.lowerBound + 1)
    }
}
