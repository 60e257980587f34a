internal import NetTypes
internal import Netlink

extension NetlinkSocket {
    /// By which others can reach the node.
    mutating func nodeAddresses() throws(NetlinkError) -> [IPAddress] {
        try addresses().map(\.address.address).filter { !$0.isLoopback && !$0.isLinkLocal }.sorted()
    }
}
