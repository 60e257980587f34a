/// One call of one plugin: what was asked, about which attachment, and the machine to do it on.
package final class Invocation {
    package let environment: Environment
    package let config: NetworkConfig
    package let machine: Machine
    package let rollback: Rollback
    /// The plugins that run in this process, by name.
    package let registry: PluginRegistry

    package init(
        environment: Environment, config: NetworkConfig, registry: PluginRegistry, machine: Machine,
        rollback: Rollback
    ) {
        self.environment = environment
        self.config = config
        self.registry = registry
        self.machine = machine
        self.rollback = rollback
    }

    package var verb: Verb { environment.verb }

    package var attachment: Attachment {
        Attachment(
            network: config.name, containerID: environment.containerID, interfaceName: environment.interfaceName)
    }

    /// The container's namespace. A path that is no network namespace is code 8.
    package func requireNamespace() throws(CNIError) -> ContainerNamespace {
        try machine.namespace(environment.namespacePath)
    }

    /// The container's namespace, or nil when there is none any more, which for a DEL is no error.
    package func namespaceIfPresent() -> ContainerNamespace? {
        try? machine.namespace(environment.namespacePath)
    }

    /// The same call with another configuration, for a plugin that is delegated to in this process.
    package func with(config: NetworkConfig, verb: Verb? = nil) -> Invocation {
        var environment = environment
        if let verb { environment.verb = verb }
        return Invocation(
            environment: environment, config: config, registry: registry, machine: machine, rollback: rollback)
    }
}
