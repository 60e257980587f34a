internal import JSON
internal import KubeAPI
internal import Store

/// The objects of a list, and what the list says about itself.
struct ListPage {
    var objects: [CachedObject]
    var revision: Revision
    var continuation = ""
    var remaining: Int?
}

extension Renderer {
    /// A list as an answer's body, in pieces, of which so many bytes are made for it. Objects that go out as they are
    /// stored are not even copied: a list that waits for its client costs nothing that is not there anyhow.
    func answer(_ page: ListPage) -> (pieces: [[UInt8]], ownBytes: Int) {
        if form == .json, isStoredVersion { return plainList(page) }
        let body = body(page)
        return ([body], body.count)
    }

    private func body(_ page: ListPage) -> [UInt8] {
        switch form.rendering {
        case .object, .aggregatedDiscovery:
            return encoded([
                "kind": .string(type.listKind), "apiVersion": .string(type.groupVersion.description),
                "metadata": metadata(page), "items": .array(page.objects.map(value)),
            ])
        case .partialMetadata(let version), .partialMetadataList(let version):
            return encoded([
                "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": metadata(page),
                "items": .array(page.objects.map { Self.partial(value($0), version: version) }),
            ])
        case .table(let version):
            return encoded(table(page.objects.map(value), version: version, listMetadata: metadata(page)))
        }
    }

    private func metadata(_ page: ListPage) -> JSONValue {
        var metadata: JSONValue = ["resourceVersion": .string("\(page.revision)")]
        if !page.continuation.isEmpty { metadata.set(.string(page.continuation), at: "continue") }
        if let remaining = page.remaining { metadata.set(.number(JSONNumber(remaining)), at: "remainingItemCount") }
        return metadata
    }

    private static let comma = [UInt8(ascii: ",")]

    private func plainList(_ page: ListPage) -> (pieces: [[UInt8]], ownBytes: Int) {
        let head =
            "{\"kind\":\"\(type.listKind)\",\"apiVersion\":\"\(type.groupVersion)\",\"metadata\":"
            + metadata(page).serialized() + ",\"items\":["
        var pieces: [[UInt8]] = []
        pieces.reserveCapacity(2 * page.objects.count + 2)
        pieces.append(Array(head.utf8))
        for object in page.objects {
            if pieces.count > 1 { pieces.append(Self.comma) }
            pieces.append(object.bytes)
        }
        pieces.append(Array("]}".utf8))
        return (pieces, head.utf8.count + pieces.count * MemoryLayout<[UInt8]>.size)
    }
}
