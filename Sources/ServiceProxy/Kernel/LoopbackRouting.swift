internal import Daemon
internal import Linux

/// What node ports on 127.0.0.0/8 take besides rules.
struct LoopbackRouting {
    private static let setting = "net/ipv4/conf/all/route_localnet"

    private var isReported = false

    /// Without this the kernel drops what 127.0.0.1 sends to an address that is not its own. Where it cannot be set, which
    /// is logged once, all else works.
    mutating func enable(_ log: Logger) {
        do throws(SystemError) {
            try Sysctl.set(Self.setting, "1")
        } catch {
            if isReported { return }
            isReported = true
            log.warning("node ports on 127.0.0.1 are not served", ["setting": Self.setting, "reason": "\(error)"])
        }
    }
}
