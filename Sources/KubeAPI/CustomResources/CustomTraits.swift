package import JSON

/// What a CustomResourceDefinition says of one of its versions beyond the schema.
package struct CustomTraits: Hashable, Sendable {
    /// Where an object keeps what its `scale` subresource shows, as member names.
    package struct Scale: Hashable, Sendable {
        package var specReplicas: [String]
        package var statusReplicas: [String]
        /// Of a label selector in text form; nil when there is none.
        package var labelSelector: [String]?
    }

    package var scale: Scale?
    /// `additionalPrinterColumns` as they are written: name, type, jsonPath, and perhaps format, description, priority.
    package var printerColumns: [JSONValue]
    /// JSON paths as they are written: `.spec.color`.
    package var selectableFields: [String]
    /// The version's `openAPIV3Schema`, for the published documents.
    package var openAPISchema: JSONValue
    /// This version is no longer recommended; the warning that its users get.
    package var deprecation: String?
    /// The version in which objects are kept.
    package var isStorageVersion: Bool

    /// Of one of a definition's `spec.versions`.
    init(_ version: JSONValue, _ kind: GroupVersionKind) {
        let paths = version.member(at: "subresources", "scale")
        scale = paths.map { paths in
            Scale(
                specReplicas: Self.names(paths.text("specReplicasPath")),
                statusReplicas: Self.names(paths.text("statusReplicasPath")),
                labelSelector: paths.member("labelSelectorPath")?.string.map(Self.names))
        }
        printerColumns = version.member("additionalPrinterColumns")?.array ?? []
        selectableFields = (version.member("selectableFields")?.array ?? []).map { $0.text("jsonPath") }
        openAPISchema = version.member(at: "schema", "openAPIV3Schema") ?? [:]
        let isDeprecated = version.member("deprecated") == true
        let warning = version.member("deprecationWarning")?.string ?? "\(kind.apiVersion) \(kind.kind) is deprecated"
        deprecation = isDeprecated ? warning : nil
        isStorageVersion = version.member("storage") == true
    }

    /// The member names of a simple JSON path, `.spec.replicas`.
    private static func names(_ path: String) -> [String] { path.split(separator: ".").map(String.init) }
}
