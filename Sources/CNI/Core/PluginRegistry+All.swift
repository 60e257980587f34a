extension PluginRegistry {
    /// Every plugin that this executable is.
    package static var all: PluginRegistry {
        PluginRegistry([
            Bandwidth(), Bridge(), Firewall(), Flannel(), HostLocal(), Loopback(), Poplin(), PortMap(),
            StaticAddresses(), Tuning(),
        ])
    }
}
