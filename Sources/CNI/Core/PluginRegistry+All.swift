extension PluginRegistry {
    /// Every plugin that this executable is.
    package static var all: PluginRegistry { PluginRegistry([Flannel(), HostLocal(), Loopback(), StaticAddresses()]) }
}
