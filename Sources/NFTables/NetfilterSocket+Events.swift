internal import CNftables
internal import Linux

extension NetfilterSocket {
    /// What all messages of a subsystem say that wait, without waiting for more. Where the kernel had no room for some,
    /// `lost` stands in their place.
    func events<Event>(
        of subsystem: CInt, _ name: String, lost: Event?, _ read: (UnsafePointer<nlmsghdr>) -> Event?
    ) throws(NFTError) -> [Event] {
        var events: [Event] = []
        while true {
            do {
                guard let datagram = try receive(wait: false) else { return events }
                for message in Messages(datagram) where CInt(message.pointee.nlmsg_type >> 8) == subsystem {
                    if let event = read(message) { events.append(event) }
                }
            } catch .noBuffers {
                if let lost { events.append(lost) }
            } catch {
                throw NFTError("receive", name, error)
            }
        }
    }
}
