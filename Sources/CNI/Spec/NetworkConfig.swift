package import JSON

/// The network configuration that a runtime gives on stdin: the members that every plugin shares, and all of them raw.
package struct NetworkConfig: Sendable {
    package var version: SpecVersion
    package var name: String
    package var type: String
    /// Everything, as it came; a plugin reads its own keys with `reader`.
    package var object: JSONObject
    /// The result of the plugin before this one in the chain (ADD), or of the whole chain (CHECK, DEL).
    package var previousResult: CNIResult?

    /// Checks what skel checks: JSON (code 6), a supported version (1), and a valid name (7).
    package init(_ object: JSONObject) throws(CNIError) {
        self.object = object
        version = try Self.version(of: object)
        let reader = ConfigReader(object)
        name = reader.string("name") ?? ""
        type = reader.string("type") ?? ""
        _ = reader.object("runtimeConfig")
        _ = reader.object("args")?.object("cni")
        try reader.finish()
        try Names.checkNetworkName(name)
        if let previous = reader.value("prevResult") {
            previousResult = try CNIResult(json: previous, version: version)
        }
    }

    /// Parses stdin. Broken JSON, or a document that is no object, is code 6.
    package init(parsing bytes: [UInt8]) throws(CNIError) {
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch {
            throw CNIError(.decodingFailure, "error unmarshall network config: \(error)")
        }
        guard let object = value.object else {
            throw CNIError(
                .decodingFailure, "error unmarshall network config: expected an object, found \(value.kind)")
        }
        try self.init(object)
    }

    private static func version(of object: JSONObject) throws(CNIError) -> SpecVersion {
        let reader = ConfigReader(object)
        let text = reader.string("cniVersion")
        try reader.finish()
        guard let text, !text.isEmpty else { return .fallback }
        if let version = SpecVersion(rawValue: text) { return version }
        let supported = SpecVersion.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " ")
        throw CNIError(
            .incompatibleVersion, "incompatible CNI versions",
            details: "config is \"\(text)\", plugin supports [\(supported)]")
    }

    /// A fresh reader over the whole configuration.
    package var reader: ConfigReader { ConfigReader(object) }

    /// `runtimeConfig`: the values of the capabilities; empty when absent.
    package var runtimeConfig: JSONObject { object["runtimeConfig"]?.object ?? JSONObject() }

    /// The configuration of a GC names the attachments that are still wanted. libcni wrote the key differently once.
    package var validAttachments: Set<Attachment> {
        get throws(CNIError) {
            let reader = reader
            guard let list = reader.objects("cni.dev/valid-attachments") ?? reader.objects("cni.dev/attachments") else {
                try reader.finish()
                throw CNIError(
                    .invalidConfig, "GC without cni.dev/valid-attachments",
                    details: "without the list every attachment would be removed")
            }
            var result: Set<Attachment> = []
            for entry in list {
                let id = entry.string("containerID") ?? ""
                let interface = entry.string("ifname") ?? ""
                result.insert(Attachment(network: name, containerID: id, interfaceName: interface))
            }
            try reader.finish()
            return result
        }
    }
}

extension JSONObject {
    /// Whether it can be handed to a plugin. A record that cannot, because somebody has damaged it, is as good as lost.
    var isNetworkConfig: Bool { (try? NetworkConfig(self)) != nil }
}
