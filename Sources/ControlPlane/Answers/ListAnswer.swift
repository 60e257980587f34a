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
        if isPlain { return plainList(page) }
        let body = body(page)
        return ([body], body.count)
    }

    /// Objects go out as they are held.
    var isPlain: Bool { form == .json && isStoredVersion }

    private func body(_ page: ListPage) -> [UInt8] { encoded(value(page, page.objects)) }

    /// The page with these objects as its items, which come last in it.
    func value(_ page: ListPage, _ objects: [CachedObject]) -> JSONValue {
        switch form.rendering {
        case .object, .aggregatedDiscovery:
            [
                "kind": .string(type.listKind), "apiVersion": .string(type.groupVersion.description),
                "metadata": metadata(page), "items": .array(objects.map(item)),
            ]
        case .partialMetadata(let version), .partialMetadataList(let version):
            [
                "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": metadata(page), "items": .array(objects.map(item)),
            ]
        case .table(let version): table(objects.map(value), version: version, listMetadata: metadata(page))
        }
    }

    /// An object as it is in a list: one of its items, or a table's row.
    func item(_ object: CachedObject) -> JSONValue {
        switch form.rendering {
        case .object, .aggregatedDiscovery: value(object)
        case .partialMetadata(let version), .partialMetadataList(let version):
            Self.partial(value(object), version: version)
        case .table(let version):
            table([value(object)], version: version, listMetadata: [:], withColumns: false).list("rows").first ?? .null
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
