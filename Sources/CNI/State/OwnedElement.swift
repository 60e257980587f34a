package import NFTables

/// An element of one of our sets or maps. Its comment is the label of the attachment that it belongs to.
package struct OwnedElement: Hashable, Sendable {
    package var set: NFTSet
    package var element: Element

    package init(_ element: Element, in set: NFTSet) {
        self.set = set
        self.element = element
    }
}

extension OwnedElement: CustomStringConvertible {
    package var description: String { "\(set) { \(element) }" }
}

extension Attachment {
    /// What the attachment's elements carry as comment: readable, and cut to the 127 bytes that a comment may have.
    package var label: String {
        let key = NetworkKey(network).text
        let text = "\(key)/\(containerID)/\(interfaceName)"
        if text.utf8.count <= 127 { return text }
        let short = Attachment(network: key, containerID: containerID, interfaceName: interfaceName)
        return "\(key)/\(Digest.name(short))/\(interfaceName)"
    }
}
