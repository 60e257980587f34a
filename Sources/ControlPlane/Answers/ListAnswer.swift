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
    /// A list as the body of an answer. Objects that go out as they are stored are not decoded.
    func body(_ page: ListPage) -> [UInt8] {
        switch form.rendering {
        case .object where form.encoding == .json && isStoredVersion: return plainList(page)
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

    private func plainList(_ page: ListPage) -> [UInt8] {
        let head =
            "{\"kind\":\"\(type.listKind)\",\"apiVersion\":\"\(type.groupVersion)\",\"metadata\":"
            + metadata(page).serialized() + ",\"items\":["
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.utf8.count + page.objects.reduce(2) { $0 + $1.bytes.count + 1 })
        bytes.append(contentsOf: head.utf8)
        var isFirst = true
        for object in page.objects {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.append(contentsOf: object.bytes)
        }
        bytes.append(contentsOf: "]}".utf8)
        return bytes
    }
}
