/// One interface of one container in one network: what an ADD makes and a DEL removes. Unique in this triple; every
/// state that a plugin keeps is keyed by all three.
package struct Attachment: Hashable, Sendable {
    package var network: String
    package var containerID: String
    package var interfaceName: String

    package init(network: String, containerID: String, interfaceName: String) {
        self.network = network
        self.containerID = containerID
        self.interfaceName = interfaceName
    }
}

extension Attachment: CustomStringConvertible {
    package var description: String { "\(network)/\(containerID)/\(interfaceName)" }
}
