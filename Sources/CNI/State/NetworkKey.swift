/// What stands for a network in the labels of elements and in the folders of records: its name, or when that is long,
/// the name's beginning and a digest. The key of a key is the key itself, so that whoever has only a label finds the
/// records, and attachments read from their folder have the labels that they had.
package struct NetworkKey: Hashable, Sendable {
    package let text: String

    package init(_ network: String) {
        // No network's name has a tilde in it, so that no short name is the key of a long one.
        text = network.utf8.count <= 64 ? network : "\(network.prefix(47))~\(Digest.digits(network))"
    }

    /// The key of the network that a label names.
    package init(ofLabel label: String) { self.init(String(label.prefix { $0 != "/" })) }
}
