internal import CNetlink

extension NetlinkSocket {
    /// What the link has at its root, without a list being made; `.other("noqueue")` for a plain virtual link.
    package mutating func rootQueueing(on interface: InterfaceIndex) throws(NetlinkError) -> QueueingDiscipline {
        // Traffic control answers a question only when an echo is wanted.
        var message = try Message(RTM_GETQDISC, flags: NLM_F_ECHO)
        message.header(tcmsg(interface, parent: QueueingDiscipline.root))
        return try get(message, "look up", "the root queueing of link \(interface)") { QueueingDiscipline($0) }
    }

    package mutating func queueing(on interface: InterfaceIndex? = nil) throws(NetlinkError) -> [QueueingDiscipline] {
        try dump("queueing disciplines") { () throws(NetlinkError) in
            var message = try Message(RTM_GETQDISC)
            message.header(tcmsg(interface ?? 0, parent: 0))
            return message
        } _: { reply in
            QueueingDiscipline(reply).flatMap { interface == nil || $0.interface == interface ? $0 : nil }
        }
    }

    /// The redirections at the link's ingress; none when it has no ingress.
    package mutating func redirects(on interface: InterfaceIndex) throws(NetlinkError) -> [PacketRedirect] {
        try dump("redirections") { () throws(NetlinkError) in
            var message = try Message(RTM_GETTFILTER)
            message.header(tcmsg(interface, parent: QueueingDiscipline.ingressHandle))
            return message
        } _: { reply in
            PacketRedirect(reply)
        }
    }
}
