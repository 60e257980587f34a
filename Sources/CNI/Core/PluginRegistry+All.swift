extension PluginRegistry {
    /// Every plugin that this executable is.
    package static var all: PluginRegistry {
        PluginRegistry([Bridge(), Flannel(), HostLocal(), Loopback(), Poplin(), PortMap(), StaticAddresses()])
    }
}
