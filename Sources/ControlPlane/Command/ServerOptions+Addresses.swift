internal import Crypto
internal import Glibc
internal import HTTP
internal import Identity
internal import NetTypes

/// Where the server is found, worked out from its options.
extension ServerOptions {
    /// What the certificates and the administrator's kubeconfig say.
    var secretSettings: ClusterSecrets.Settings {
        var subject = SubjectNames()
        for name in names {
            if let address = IPAddress(name) { subject.addresses.append(address) } else { subject.dns.append(name) }
        }
        if !listensEverywhere { subject.addresses.append(listen[0].address) }
        if !subject.addresses.contains(publicAddress) { subject.addresses.append(publicAddress) }
        let local = listensEverywhere ? IPAddress("127.0.0.1") ?? listen[0].address : listen[0].address
        var settings = ClusterSecrets.Settings(
            directory: "\(dataDirectory)/pki", names: subject,
            serviceAddresses: serviceRanges.map { IPAddress(family: $0.family, value: $0.first.value + 1) },
            serverURL: "https://\(ListenAddress(local, port: listen[0].port))")
        settings.kubeconfigPath = kubeconfig
        return settings
    }

    private var listensEverywhere: Bool {
        listen[0].address == IPAddress("0.0.0.0") || listen[0].address == IPAddress("::")
    }

    /// Under which other machines, and pods, reach the server.
    var publicAddress: IPAddress {
        if let advertise { return advertise }
        if !listensEverywhere { return listen[0].address }
        return Self.outgoingAddress ?? IPAddress("127.0.0.1") ?? listen[0].address
    }

    /// The source address of the default route: a datagram socket that is connected, over which nothing is sent.
    private static var outgoingAddress: IPAddress? {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(9).bigEndian
        // TEST-NET-1 (RFC 5737).
        address.sin_addr.s_addr = UInt32(0xC000_0201).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, length) == 0 }
        }
        guard isConnected else { return nil }
        let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) == 0 }
        }
        guard isNamed else { return nil }
        return IPAddress(family: .v4, value: UInt128(UInt32(bigEndian: address.sin_addr.s_addr)))
    }
}
