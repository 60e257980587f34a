internal import NetTypes

/// The `loopback` plugin: brings `lo` up in the container. The interface's name in the call is ignored.
package struct Loopback: Plugin {
    package let name = "loopback"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        _ = try call.requireNamespace()
        if let previous = call.config.previousResult { return previous }
        return CNIResult()
    }

    package func del(_ call: Invocation) throws {}
}
