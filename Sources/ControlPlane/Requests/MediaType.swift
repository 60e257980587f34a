/// A media type with its parameters, from an Accept or a Content-Type header (RFC 9110, sections 8.3.1 and 12.5.1).
package struct MediaType: Hashable, Sendable {
    package var type: String
    package var parameters: [String: String]
    /// From 0, not wanted, to 1.
    package var quality: Double

    /// By bytes: each request has some of them, and characters are dear.
    package init?(_ text: some StringProtocol) {
        parameters = [:]
        quality = 1
        // Mostly there is a type and nothing else.
        if let encoding = Encoding(rawValue: String(text)) {
            type = encoding.rawValue
            return
        }
        var rest = Substring(text).utf8
        let type = cut(&rest, at: UInt8(ascii: ";"))
        guard type.contains(UInt8(ascii: "/")) else { return nil }
        self.type = Substring(type).lowercased()
        while !rest.isEmpty {
            var value = cut(&rest, at: UInt8(ascii: ";"))
            let name = cut(&value, at: UInt8(ascii: "="))
            if name.isEmpty || value.isEmpty { continue }
            let unquoted = String(decoding: trimmed(value).filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
            switch Substring(name).lowercased() {
            case "q": quality = Double(unquoted) ?? 1
            case let name: parameters[name] = unquoted
            }
        }
    }

    /// The header's alternatives, the most wanted first, those of equal quality in their order.
    package static func list(_ header: String) -> [MediaType] {
        let wanted = header.utf8.split(separator: UInt8(ascii: ",")).compactMap { MediaType(Substring($0)) }
            .filter { $0.quality > 0 }
        if wanted.count < 2 { return wanted }
        return wanted.enumerated().sorted {
            $0.element.quality == $1.element.quality ? $0.offset < $1.offset : $0.element.quality > $1.element.quality
        }.map(\.element)
    }
}

/// Takes what comes before the separator, or all of it, and the separator too.
private func cut(_ rest: inout Substring.UTF8View, at separator: UInt8) -> Substring.UTF8View {
    let end = rest.firstIndex(of: separator) ?? rest.endIndex
    let piece = rest[..<end]
    rest = rest[end...].dropFirst()
    return trimmed(piece)
}

/// Without the blanks around it.
private func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
}

/// How an object's fields are written.
package enum Encoding: String, Hashable, Sendable, CaseIterable {
    case json = "application/json"
    case yaml = "application/yaml"
    case protobuf = "application/vnd.kubernetes.protobuf"
}

/// What the answer is made of: the objects, or something that is made from them.
package enum Rendering: Hashable, Sendable {
    case object
    case table(version: String)
    case partialMetadata(version: String)
    case partialMetadataList(version: String)
    case aggregatedDiscovery(version: String)
}

/// The form in which an answer goes out.
package struct AnswerForm: Hashable, Sendable {
    package var encoding: Encoding
    package var rendering: Rendering

    package init(_ encoding: Encoding, _ rendering: Rendering = .object) {
        self.encoding = encoding
        self.rendering = rendering
    }

    package static let json = AnswerForm(.json)

    /// What the path at hand can be answered with beyond the plain object.
    package enum Endpoint: Sendable { case plain, object, list, discovery }

    /// The first acceptable alternative that we can do; nil when there is none (406).
    /// Custom resources have no protobuf form.
    package static func negotiate(accept: String, for endpoint: Endpoint, hasProtobuf: Bool = true) -> AnswerForm? {
        if accept.isEmpty { return .json }
        // Most want one encoding and nothing else.
        if let encoding = Encoding(rawValue: accept), encoding != .protobuf || hasProtobuf {
            return AnswerForm(encoding)
        }
        for alternative in MediaType.list(accept) {
            let encoding: Encoding
            switch alternative.type {
            case "*/*", "application/*", "application/json": encoding = .json
            case "application/yaml", "application/x-yaml", "text/yaml": encoding = .yaml
            case "application/vnd.kubernetes.protobuf" where hasProtobuf: encoding = .protobuf
            default: continue
            }
            guard let rendering = rendering(alternative.parameters, endpoint) else { continue }
            // Tables, and discovery as we have it, are JSON alone.
            if encoding == .protobuf {
                switch rendering {
                case .table, .aggregatedDiscovery: continue
                case .object, .partialMetadata, .partialMetadataList: break
                }
            }
            return AnswerForm(encoding, rendering)
        }
        return nil
    }

    private static func rendering(_ parameters: [String: String], _ endpoint: Endpoint) -> Rendering? {
        guard let form = parameters["as"] else { return .object }
        let (group, version) = (parameters["g"] ?? "", parameters["v"] ?? "")
        switch (form, group, endpoint) {
        case ("Table", "meta.k8s.io", .object), ("Table", "meta.k8s.io", .list):
            return ["v1", "v1beta1"].contains(version) ? .table(version: version) : nil
        case ("PartialObjectMetadata", "meta.k8s.io", .object), ("PartialObjectMetadata", "meta.k8s.io", .list):
            return ["v1", "v1beta1"].contains(version) ? .partialMetadata(version: version) : nil
        case ("PartialObjectMetadataList", "meta.k8s.io", .list):
            return ["v1", "v1beta1"].contains(version) ? .partialMetadataList(version: version) : nil
        case ("APIGroupDiscoveryList", "apidiscovery.k8s.io", .discovery):
            return ["v2", "v2beta1"].contains(version) ? .aggregatedDiscovery(version: version) : nil
        default: return nil
        }
    }

    /// The Content-Type header of the answer.
    package func contentType(isStream: Bool = false) -> String {
        var text = encoding.rawValue
        if case .aggregatedDiscovery(let version) = rendering {
            text += ";g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
        }
        if isStream, encoding == .protobuf { text += ";stream=watch" }
        return text
    }
}
