package import KubeAPI

/// A rule about writes that is not the kind's own: it may change what is written or refuse it.
package protocol AdmissionPlugin: AnyObject {
    /// As upstream calls it: "NamespaceLifecycle".
    var name: String { get }
    /// Changes the object, before validation. Throws to refuse.
    func admit(_ operation: WriteOperation) throws(APIStatus)
    /// Looks at the object as it will be stored.
    func validate(_ operation: WriteOperation) throws(APIStatus)
}

extension AdmissionPlugin {
    package func admit(_ operation: WriteOperation) throws(APIStatus) {}
    package func validate(_ operation: WriteOperation) throws(APIStatus) {}
}

/// All plugins, in the order in which they are asked.
package struct AdmissionChain {
    package var plugins: [any AdmissionPlugin]

    package init(_ plugins: [any AdmissionPlugin] = []) { self.plugins = plugins }

    func admit(_ operation: WriteOperation) throws(APIStatus) {
        for plugin in plugins { try plugin.admit(operation) }
    }

    func validate(_ operation: WriteOperation) throws(APIStatus) {
        for plugin in plugins { try plugin.validate(operation) }
    }
}
