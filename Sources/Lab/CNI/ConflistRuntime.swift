internal import Glibc
package import JSON
internal import Linux

/// The part of a container runtime that speaks CNI (spec 1.1.0, section 4): calls the plugins of a configuration list
/// one after another, and keeps what DEL needs.
package struct ConflistRuntime: Sendable {
    /// The whole list, as in /etc/cni/net.d/*.conflist.
    package var list: JSONValue
    /// Directories where plugins are looked for, as the node sees them.
    package var pluginDirectories: [String]
    /// Where results are kept, one file an attachment, as the node sees it.
    package var cacheDirectory: String
    /// The node that the plugins run on.
    package var place: Place
    /// Where this process finds the node's files; empty when they are its own.
    package var root: String
    /// Told of each plugin that has ended and of how long its process took.
    package var observer: (@Sendable (_ verb: String, _ duration: Duration) -> Void)?

    package init(
        list: JSONValue, pluginDirectories: [String], cacheDirectory: String, place: Place = Place(), root: String = ""
    ) {
        self.list = list
        self.pluginDirectories = pluginDirectories
        self.cacheDirectory = cacheDirectory
        self.place = place
        self.root = root
    }

    /// What is attached: a container's namespace by the name of one interface in it.
    package struct Attachment: Hashable, Sendable {
        package var containerID: String
        /// Path of the network namespace, as seen from the node.
        package var namespace: String
        package var interface: String

        package init(containerID: String, namespace: String, interface: String = "eth0") {
            self.containerID = containerID
            self.namespace = namespace
            self.interface = interface
        }
    }

    /// Attaches the container. When a plugin fails the attachment is deleted again, as runtimes do.
    /// `capabilities` is what `runtimeConfig` holds for plugins that declare the capability (`portMappings`). The last
    /// plugin's result comes back; a plugin that refuses is a `PluginFailure`.
    package func add(_ attachment: Attachment, capabilities: JSONObject = JSONObject()) throws -> JSONValue {
        var result: JSONValue?
        do {
            for plugin in plugins {
                result = try call("ADD", plugin, attachment, previous: result, capabilities) ?? result
            }
            let final = result ?? [:]
            try Files.makeDirectories(root + cacheDirectory)
            let entry: JSONValue = ["result": final, "runtimeConfig": .object(capabilities)]
            try Files.replace(cachePath(attachment), entry.serialized().utf8)
            return final
        } catch {
            try? delete(attachment, result: result, capabilities)
            throw error
        }
    }

    /// Detaches the container; one that is not attached is no error.
    package func delete(_ attachment: Attachment) throws {
        var cached: JSONValue = [:]
        do { cached = try JSONValue.parse(Files.read(cachePath(attachment))) } catch let error as SystemError
            where error.isNotFound
        {}
        try delete(attachment, result: cached["result"], cached["runtimeConfig"]?.object ?? JSONObject())
        try Files.remove(cachePath(attachment))
    }

    /// Asks every plugin whether the attachment is still as ADD left it.
    package func check(_ attachment: Attachment) throws {
        let cached = try JSONValue.parse(Files.read(cachePath(attachment)))
        for plugin in plugins {
            _ = try call(
                "CHECK", plugin, attachment, previous: cached["result"],
                cached["runtimeConfig"]?.object ?? JSONObject())
        }
    }

    private func delete(_ attachment: Attachment, result: JSONValue?, _ capabilities: JSONObject) throws {
        for plugin in plugins.reversed() {
            _ = try call("DEL", plugin, attachment, previous: result, capabilities)
        }
    }

    private var plugins: [JSONObject] { (list["plugins"]?.array ?? []).compactMap(\.object) }

    private func cachePath(_ attachment: Attachment) -> String {
        "\(root)\(cacheDirectory)/\(list["name"]?.string ?? "")-\(attachment.containerID)-\(attachment.interface)"
    }

    private func call(
        _ verb: String, _ plugin: JSONObject, _ attachment: Attachment, previous: JSONValue?, _ capabilities: JSONObject
    ) throws -> JSONValue? {
        let type = plugin["type"]?.string ?? ""
        guard let path = pluginDirectories.map({ "\($0)/\(type)" }).first(where: { Files.isExecutable(root + $0) })
        else {
            throw PluginFailure(type: type, verb: verb, code: nil, message: "no such program in \(pluginDirectories)")
        }
        var configuration = plugin
        configuration["cniVersion"] = list["cniVersion"]
        configuration["name"] = list["name"]
        configuration["prevResult"] = previous
        let offered = capabilities.members.filter { plugin["capabilities"]?[$0.key]?.bool == true }
        if !offered.isEmpty { configuration["runtimeConfig"] = .object(JSONObject(offered.map { ($0.key, $0.value) })) }

        let output = try Command(
            path,
            environment: [
                "CNI_COMMAND": verb, "CNI_CONTAINERID": attachment.containerID, "CNI_NETNS": attachment.namespace,
                "CNI_IFNAME": attachment.interface, "CNI_PATH": pluginDirectories.joined(separator: ":"),
                "CNI_ARGS": "",
            ]
        ).run(in: place, input: JSONValue.object(configuration).serialized())
        observer?(verb, output.duration)
        let answer = output.standardOutput.isEmpty ? nil : try? JSONValue.parse(output.standardOutput.utf8)
        guard output.status == 0 else {
            throw PluginFailure(
                type: type, verb: verb, code: answer?["code"]?.int,
                message: [
                    answer?["msg"]?.string, answer?["details"]?.string, answer == nil ? output.standardError : nil,
                ]
                .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": "))
        }
        return answer
    }
}

/// A plugin's refusal, in its own words.
package struct PluginFailure: Error, CustomStringConvertible {
    package var type: String
    package var verb: String
    /// The spec's error code, if the plugin gave one.
    package var code: Int?
    package var message: String

    package var description: String {
        "CNI plugin \(type), \(verb)\(code.map { ", code \($0)" } ?? ""): \(message)"
    }
}
