extension CoreV1 {
    static let nodeDescriptions = """
        AttachedVolume: A volume that is attached to a node.
          name: The volume's name, which includes its driver.
          devicePath: The device by which it can be reached.
        ConfigMapNodeConfigSource: A ConfigMap with a kubelet's configuration; not used any more.
          namespace: The ConfigMap's namespace.
          name: The ConfigMap's name.
          uid: The ConfigMap's UID.
          resourceVersion: The ConfigMap's revision.
          kubeletConfigKey: The key of the configuration.
        ContainerImage: An image that a node holds.
          names: Names by which the image is known.
          sizeBytes: The image's size in bytes.
        DaemonEndpoint: The port of a daemon.
          Port: The number of the port.
        Node: A machine on which pods run.
          spec: How the node is to be used.
          status: What the node's kubelet says about it.
        NodeAddress: An address of a node.
          type: InternalIP, ExternalIP, InternalDNS, ExternalDNS or Hostname.
          address: The address or the name.
        NodeCondition: One aspect of a node's state.
          @Condition
          type: Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable or another.
          lastHeartbeatTime: When the condition was last reported.
        NodeConfigSource: Where a kubelet's configuration comes from; not used any more.
          configMap: A ConfigMap with the configuration.
        NodeConfigStatus: The state of a kubelet's configuration; not used any more.
          assigned: The configuration that the kubelet is to use.
          active: The configuration that it uses.
          lastKnownGood: The configuration to which it goes back on failure.
          error: What is wrong with the assigned one.
        NodeDaemonEndpoints: Daemons and their ports.
          kubeletEndpoint: Where the kubelet answers.
        NodeFeatures: Abilities of the container runtime.
          supplementalGroupsPolicy: True when a pod's supplementalGroupsPolicy is obeyed.
        NodeProxyOptions: How a request is passed on to a node.
          path: The path of the request at the node.
        NodeRuntimeHandler: A handler of the container runtime.
          name: The handler's name; empty for the default.
          features: What the handler can do.
        NodeRuntimeHandlerFeatures: Abilities of a handler of the container runtime.
          recursiveReadOnlyMounts: True when it can mount a whole tree read-only.
          userNamespaces: True when it can give pods user namespaces.
        NodeSpec: What is wanted of a Node.
          podCIDR: The range from which the node's pods get their addresses; the first of podCIDRs.
          podCIDRs: The ranges from which the node's pods get their addresses, at most one of each IP family.
          providerID: The machine's identity at its provider, as "provider://id".
          unschedulable: True keeps new pods away, as "kubectl cordon" does.
          taints: Marks that keep pods away which do not tolerate them.
          configSource: Not used any more.
          externalID: Not used any more.
        NodeStatus: What is known about a node.
          capacity: All that the machine has, by resource.
          allocatable: What of it pods may use, by resource.
          phase: Not used any more.
          conditions: The node's state in several respects.
          addresses: How the node can be reached.
          daemonEndpoints: The ports of the node's daemons.
          nodeInfo: The versions of what runs on the node, and its identities.
          images: Images that the node holds.
          volumesInUse: Volumes that the node has mounted, and that must not be detached.
          volumesAttached: Volumes that are attached to the node.
          config: Not used any more.
          runtimeHandlers: The ways in which the node can run containers.
          features: What the container runtime can do, whatever the handler.
          declaredFeatures: Features of the kubelet that the scheduler may need to know, in order.
        NodeSwapStatus: The swap space of a node.
          capacity: How much there is, in bytes.
        NodeSystemInfo: Versions and identities of a machine.
          machineID: The contents of /etc/machine-id.
          systemUUID: The machine's UUID, from its firmware.
          bootID: Changes each time the machine starts.
          kernelVersion: The kernel's release, as "uname -r" says it.
          osImage: The operating system's name, from /etc/os-release.
          containerRuntimeVersion: The container runtime with its version, such as "containerd://2.0.0".
          kubeletVersion: The kubelet's version.
          kubeProxyVersion: Not used any more.
          operatingSystem: The operating system: linux or windows.
          architecture: The processor's architecture, such as "amd64".
          swap: How much swap space there is.
        Taint: A mark on a node that keeps pods away which do not tolerate it.
          key: The taint's key.
          value: The taint's value; may be empty.
          effect: NoSchedule keeps new pods away, PreferNoSchedule does when there is another node, NoExecute also
            evicts those that run.
          timeAdded: When the taint was put there.
        """
}
