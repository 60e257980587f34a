internal import Daemon
internal import Glibc
internal import Linux

/// The settings of connection tracking that the configuration asks for.
struct ConntrackLimits {
    let settings: ConntrackSettings

    /// What cannot be set is logged and left: in a network namespace of its own the limit is the host's.
    func apply(_ log: Logger) {
        if let limit = settings.limit(cores: sysconf(CInt(_SC_NPROCESSORS_ONLN))) {
            // Who has set more knows why.
            let now = (try? Sysctl.read("net/netfilter/nf_conntrack_max")).flatMap { Int($0) } ?? .max
            if now < limit { set("nf_conntrack_max", "\(limit)", log) }
        }
        set("nf_conntrack_tcp_timeout_established", settings.tcpEstablishedTimeout, log)
        set("nf_conntrack_tcp_timeout_close_wait", settings.tcpCloseWaitTimeout, log)
        set("nf_conntrack_udp_timeout", settings.udpTimeout, log)
        set("nf_conntrack_udp_timeout_stream", settings.udpStreamTimeout, log)
        if settings.tcpBeLiberal { set("nf_conntrack_tcp_be_liberal", "1", log) }
    }

    private func set(_ name: String, _ time: Duration, _ log: Logger) {
        if time > .zero { set(name, "\(time.components.seconds)", log) }
    }

    private func set(_ name: String, _ value: String, _ log: Logger) {
        do throws(SystemError) {
            try Sysctl.setIfPresent("net/netfilter/\(name)", value)
        } catch {
            log.warning("connection tracking stays as it is", ["setting": name, "reason": error.description])
        }
    }
}
