package import JSON

/// A YAML document as the JSON value that Kubernetes takes it for (sigs.k8s.io/yaml): scalars resolved by YAML 1.1 with
/// Go's exceptions, keys made strings, aliases and merge keys written out.
package struct YAMLDocument: Hashable, Sendable {
    package var value: JSONValue
    /// One sentence for each key that a mapping sets again, `line 3: key "a" already set in map`; the last value
    /// counts. Strict readers refuse such a document.
    package var duplicateKeys: [String]

    /// Reads the first document and ignores others, as Kubernetes does with a request's body. No document is null.
    package static func parse(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLDocument {
        try documents(bytes, limits, atMost: 1).first ?? YAMLDocument(value: .null, duplicateKeys: [])
    }

    package static func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLDocument {
        try parse(Array(text.utf8), limits: limits)
    }

    /// Reads every document of a stream. `---` with nothing after it is a document too: null.
    package static func parseAll(
        _ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> [YAMLDocument] {
        try documents(bytes, limits, atMost: .max)
    }

    private static func documents(
        _ bytes: [UInt8], _ limits: YAMLLimits, atMost most: Int
    ) throws(YAMLError) -> [YAMLDocument] {
        // libyaml refuses a null pointer.
        if bytes.isEmpty { return [] }
        return try bytes.withUnsafeBufferPointer { bytes throws(YAMLError) in
            var reader = try EventReader(bytes)
            var found: [YAMLDocument] = []
            var composer = Composer(limits: limits)
            while found.count < most, let document = try composer.nextDocument(&reader) { found.append(document) }
            return found
        }
    }
}
