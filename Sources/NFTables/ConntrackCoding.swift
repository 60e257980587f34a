internal import CNftables
internal import NetTypes

extension ConntrackEntry {
    init?(_ message: UnsafePointer<nlmsghdr>) {
        let attributes = Attributes(of: message)
        guard let tuple = attributes[CTA_TUPLE_ORIG.rawValue], let answer = attributes[CTA_TUPLE_REPLY.rawValue],
            let (l4proto, original) = Direction.parse(tuple), let (_, reply) = Direction.parse(answer)
        else { return nil }
        let payload = UnsafeRawBufferPointer(
            start: mnl_attr_get_payload(tuple), count: Int(mnl_attr_get_payload_len(tuple)))
        self.init(
            l4proto: l4proto, original: original, reply: reply,
            identity: Identity(
                tuple: Array(payload),
                zone: attributes[CTA_ZONE.rawValue].map { UInt16(bigEndian: mnl_attr_get_u16($0)) },
                id: attributes[CTA_ID.rawValue].map { mnl_attr_get_u32($0) }))
        if let mark = attributes[CTA_MARK.rawValue] { self.mark = UInt32(bigEndian: mnl_attr_get_u32(mark)) }
    }

    /// Names exactly this connection, for a deletion.
    func encodeIdentity(into message: Message) {
        mnl_attr_put(
            message, UInt16(CTA_TUPLE_ORIG.rawValue) | UInt16(NLA_F_NESTED), identity.tuple.count, identity.tuple)
        if let zone = identity.zone { mnl_attr_put_u16(message, UInt16(CTA_ZONE.rawValue), zone.bigEndian) }
        if let id = identity.id { mnl_attr_put_u32(message, UInt16(CTA_ID.rawValue), id) }
    }
}

extension ConntrackEntry.Direction {
    fileprivate static func parse(_ tuple: UnsafePointer<nlattr>) -> (L4Protocol, Self)? {
        let parts = Attributes(in: tuple)
        guard let addresses = parts[CTA_TUPLE_IP.rawValue], let ports = parts[CTA_TUPLE_PROTO.rawValue] else {
            return nil
        }
        let ip = Attributes(in: addresses)
        let proto = Attributes(in: ports)
        guard let source = address(ip[CTA_IP_V4_SRC.rawValue] ?? ip[CTA_IP_V6_SRC.rawValue]),
            let destination = address(ip[CTA_IP_V4_DST.rawValue] ?? ip[CTA_IP_V6_DST.rawValue]),
            let number = proto[CTA_PROTO_NUM.rawValue]
        else { return nil }
        func port(_ type: UInt32) -> UInt16 { proto[type].map { UInt16(bigEndian: mnl_attr_get_u16($0)) } ?? 0 }
        return (
            L4Protocol(rawValue: mnl_attr_get_u8(number)),
            Self(
                source: source, destination: destination, sourcePort: port(CTA_PROTO_SRC_PORT.rawValue),
                destinationPort: port(CTA_PROTO_DST_PORT.rawValue))
        )
    }

    private static func address(_ attribute: UnsafePointer<nlattr>?) -> IPAddress? {
        guard let attribute else { return nil }
        return IPAddress(
            octets: UnsafeRawBufferPointer(
                start: mnl_attr_get_payload(attribute), count: Int(mnl_attr_get_payload_len(attribute))))
    }
}

extension ConntrackEntry.Direction {
    /// As the original direction of the connection that is asked for.
    func encode(_ l4proto: L4Protocol, into message: Message) {
        let side = ConntrackFilter.Side(
            source: source, destination: destination, sourcePort: sourcePort, destinationPort: destinationPort,
            l4proto: l4proto)
        side.encode(into: message, CTA_TUPLE_ORIG.rawValue)
    }
}

extension ConntrackFilter {
    /// Asks the kernel, from 5.8 on, to answer with less than everything. The answer has to be looked at again: older
    /// kernels leave CTA_FILTER alone, and for IPv6 addresses the kernel (seen on 6.18) compares the wrong way round
    /// and answers with all that the filter does not match, so that those are not sent.
    func encode(into message: Message) {
        let isV4 = family == .v4
        let original = Side(
            source: isV4 ? originalSource : nil, destination: isV4 ? originalDestination : nil, sourcePort: nil,
            destinationPort: originalDestinationPort, l4proto: l4proto)
        let reply = Side(
            source: isV4 ? replySource : nil, destination: isV4 ? replyDestination : nil, sourcePort: replySourcePort,
            destinationPort: nil, l4proto: l4proto)
        original.encode(into: message, CTA_TUPLE_ORIG.rawValue)
        reply.encode(into: message, CTA_TUPLE_REPLY.rawValue)
        if original.flags | reply.flags == 0 { return }
        let nest = mnl_attr_nest_start(message, UInt16(CTA_FILTER.rawValue))
        // CTA_FILTER_ORIG_FLAGS and CTA_FILTER_REPLY_FLAGS, in host order.
        mnl_attr_put_u32(message, 1, original.flags)
        mnl_attr_put_u32(message, 2, reply.flags)
        mnl_attr_nest_end(message, nest)
    }

    /// The wanted fields of one direction.
    fileprivate struct Side {
        var source: IPAddress?
        var destination: IPAddress?
        var sourcePort: UInt16?
        var destinationPort: UInt16?
        var l4proto: L4Protocol?

        /// The CTA_FILTER_F_* bits of the kernel. Ports count only together with the protocol.
        var flags: UInt32 {
            var flags: UInt32 = 0
            if source != nil { flags |= 1 << 0 }
            if destination != nil { flags |= 1 << 1 }
            if l4proto != nil {
                flags |= 1 << 3
                if sourcePort != nil { flags |= 1 << 4 }
                if destinationPort != nil { flags |= 1 << 5 }
            }
            return flags
        }

        func encode(into message: Message, _ type: UInt32) {
            if flags == 0 { return }
            let tuple = mnl_attr_nest_start(message, UInt16(type))
            if source != nil || destination != nil {
                let addresses = mnl_attr_nest_start(message, UInt16(CTA_TUPLE_IP.rawValue))
                put(source, CTA_IP_V4_SRC, message)
                put(destination, CTA_IP_V4_DST, message)
                mnl_attr_nest_end(message, addresses)
            }
            if let l4proto {
                let ports = mnl_attr_nest_start(message, UInt16(CTA_TUPLE_PROTO.rawValue))
                mnl_attr_put_u8(message, UInt16(CTA_PROTO_NUM.rawValue), l4proto.rawValue)
                if let sourcePort {
                    mnl_attr_put_u16(message, UInt16(CTA_PROTO_SRC_PORT.rawValue), sourcePort.bigEndian)
                }
                if let destinationPort {
                    mnl_attr_put_u16(message, UInt16(CTA_PROTO_DST_PORT.rawValue), destinationPort.bigEndian)
                }
                mnl_attr_nest_end(message, ports)
            }
            mnl_attr_nest_end(message, tuple)
        }

        private func put(_ address: IPAddress?, _ type: ctattr_ip, _ message: Message) {
            guard let octets = address?.octets else { return }
            mnl_attr_put(message, UInt16(type.rawValue), octets.count, octets)
        }
    }
}
