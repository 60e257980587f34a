/// The plugins that run in this process.
package struct PluginRegistry: Sendable {
    private let plugins: [any Plugin]

    package init(_ plugins: [any Plugin]) { self.plugins = plugins }

    package subscript(name: String) -> (any Plugin)? { plugins.first { $0.name == name } }

    package var names: [String] { plugins.map(\.name) }
}
