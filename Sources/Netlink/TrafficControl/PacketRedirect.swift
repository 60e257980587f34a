internal import CNetlink

/// A filter at a link's ingress that sends every packet out through another link instead (u32 and mirred, tc(8)). The
/// link needs the `.ingress` queueing discipline first, and loses the filter with it.
package struct PacketRedirect: Hashable, Sendable, CustomStringConvertible {
    package var interface: InterfaceIndex
    package var target: InterfaceIndex
    /// Of several filters the lower number is asked first.
    package var priority: UInt16

    package init(from interface: InterfaceIndex, to target: InterfaceIndex, priority: UInt16 = 1) {
        self.interface = interface
        self.target = target
        self.priority = priority
    }

    package var description: String { "redirection from link \(interface) to link \(target)" }
}

/// All protocols (ETH_P_ALL), in network order, as the low half of a filter's `info`.
private let allProtocols = UInt32(UInt16(3).bigEndian)

extension PacketRedirect {
    func encoded(_ verb: Verb) throws(NetlinkError) -> Message {
        var message = try Message(verb.type(new: RTM_NEWTFILTER, delete: RTM_DELTFILTER), flags: verb.flags)
        message.header(
            tcmsg(
                interface, parent: QueueingDiscipline.ingressHandle, info: UInt32(priority) << 16 | allProtocols))
        message.put(TCA_KIND, "u32")
        if verb == .delete { return message }
        try message.nest(TCA_OPTIONS) { message throws(NetlinkError) in
            message.put(TCA_U32_SEL, bytes: matchAll)
            try message.nest(TCA_U32_ACT) { message throws(NetlinkError) in
                // The first (and only) action of the list.
                try message.nest(1) { message throws(NetlinkError) in
                    message.put(TCA_ACT_KIND, "mirred")
                    try message.nest(TCA_ACT_OPTIONS) { message in
                        var action = tc_mirred()
                        action.action = TC_ACT_STOLEN
                        action.eaction = TCA_EGRESS_REDIR
                        action.ifindex = UInt32(bitPattern: target)
                        message.put(TCA_MIRRED_PARMS, value: action)
                    }
                }
            }
        }
        return message
    }

    /// Reads a whole RTM_NEWTFILTER message; nil for any other filter than a redirection by u32.
    init?(_ message: RawSpan) {
        guard let header: tcmsg = message.value(at: 16) else { return nil }
        var target: InterfaceIndex?
        message.forEachAttribute(from: 36) { type, options in
            guard type == Int(TCA_OPTIONS) else { return }
            options.forEachAttribute { type, actions in
                guard type == Int(TCA_U32_ACT) else { return }
                actions.forEachAttribute { _, action in target = action.redirectTarget ?? target }
            }
        }
        guard let target else { return nil }
        self.init(from: header.tcm_ifindex, to: target, priority: UInt16(header.tcm_info >> 16))
    }
}

extension RawSpan {
    fileprivate var redirectTarget: InterfaceIndex? {
        var kind = ""
        var parameters: tc_mirred?
        forEachAttribute { type, value in
            if type == Int(TCA_ACT_KIND) { kind = value.text }
            guard type == Int(TCA_ACT_OPTIONS) else { return }
            value.forEachAttribute { type, value in
                if type == Int(TCA_MIRRED_PARMS) { parameters = value.value() }
            }
        }
        guard kind == "mirred", let parameters, parameters.eaction == TCA_EGRESS_REDIR else { return nil }
        return InterfaceIndex(bitPattern: parameters.ifindex)
    }
}

/// A tc_u32_sel (flags, shift, number of keys, …) with one key of mask and value zero, which every packet fits. It is
/// given as bytes because its keys are a flexible array, which Swift does not import.
private var matchAll: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: MemoryLayout<tc_u32_sel>.size + MemoryLayout<tc_u32_key>.size)
    bytes[0] = UInt8(TC_U32_TERMINAL)
    bytes[2] = 1
    return bytes
}
