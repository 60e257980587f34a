internal import JSON

/// The definitions of what is no message and has a name all the same.
enum ScalarDefinitions {
    static let intOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
    static let json = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON"
    static let microTime = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"
    static let object = "io.k8s.apimachinery.pkg.runtime.RawExtension"
    static let patch = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch"
    static let quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity"
    static let time = "io.k8s.apimachinery.pkg.apis.meta.v1.Time"

    static func all(_ dialect: OpenAPI.Dialect) -> [(name: String, definition: JSONValue)] {
        [
            (
                intOrString,
                choice(
                    "A whole number or a string.", of: ["integer", "string"], dialect,
                    [("format", "int-or-string")])
            ),
            (json, ["description": "Any JSON value."]),
            (microTime, time("A time in UTC, in microseconds: 2026-01-02T15:04:05.000000Z.")),
            (object, ["description": "Any object.", "type": "object"]),
            (patch, ["description": "A change, in one of the forms of patches.", "type": "object"]),
            (
                quantity,
                choice(
                    "An amount: a decimal number, and a suffix such as m, k, M, G, Ki, Mi or Gi.",
                    of: ["string", "number"], dialect)
            ),
            (time, time("A time in UTC, in whole seconds: 2026-01-02T15:04:05Z.")),
        ]
    }

    /// OpenAPI 2.0 has no choice of types: there it is a string.
    private static func choice(
        _ description: String, of types: [String], _ dialect: OpenAPI.Dialect, _ others: [(String, JSONValue)] = []
    ) -> JSONValue {
        let type: (String, JSONValue) =
            switch dialect {
            case .v2: ("type", "string")
            case .v3: ("oneOf", .array(types.map { ["type": .string($0)] }))
            }
        return .object(JSONObject([("description", .string(description))] + others + [type]))
    }

    private static func time(_ description: String) -> JSONValue {
        ["description": .string(description), "type": "string", "format": "date-time"]
    }
}
