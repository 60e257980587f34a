extension CoreV1 {
    static let nodes = """
        AttachedVolume
          name 1 string required
          devicePath 2 string required
        AvoidPods
          preferAvoidPods 1 [PreferAvoidPodsEntry]
        ConfigMapNodeConfigSource
          namespace 1 string required
          name 2 string required
          uid 3 string
          resourceVersion 4 string
          kubeletConfigKey 5 string required
        ContainerImage
          names 1 [string]
          sizeBytes 2 int64
        DaemonEndpoint
          Port 1 int32 required
        Node kind
          metadata 1 ObjectMeta always
          spec 2 NodeSpec always
          status 3 NodeStatus always
        NodeAddress
          type 1 string required
          address 2 string required
        NodeCondition
          type 1 string required
          status 2 string required
          lastHeartbeatTime 3 Time
          lastTransitionTime 4 Time
          reason 5 string
          message 6 string
        NodeConfigSource
          configMap 2 ConfigMapNodeConfigSource
        NodeConfigStatus
          assigned 1 NodeConfigSource
          active 2 NodeConfigSource
          lastKnownGood 3 NodeConfigSource
          error 4 string
        NodeDaemonEndpoints
          kubeletEndpoint 1 DaemonEndpoint always
        NodeFeatures
          supplementalGroupsPolicy 1 bool?
        NodeProxyOptions kind
          path 1 string
        NodeRuntimeHandler
          name 1 string
          features 2 NodeRuntimeHandlerFeatures
        NodeRuntimeHandlerFeatures
          recursiveReadOnlyMounts 1 bool?
          userNamespaces 2 bool?
        NodeSpec
          podCIDR 1 string
          podCIDRs 7 [string] set merge
          providerID 3 string
          unschedulable 4 bool
          taints 5 [Taint]
          configSource 6 NodeConfigSource
          externalID 2 string
        NodeStatus
          capacity 1 {Quantity}
          allocatable 2 {Quantity}
          phase 3 string enum(Pending,Running,Terminated)
          conditions 4 [NodeCondition] map(type) merge(type)
          addresses 5 [NodeAddress] map(type) merge(type)
          daemonEndpoints 6 NodeDaemonEndpoints always
          nodeInfo 7 NodeSystemInfo always
          images 8 [ContainerImage]
          volumesInUse 9 [string]
          volumesAttached 10 [AttachedVolume]
          config 11 NodeConfigStatus
          runtimeHandlers 12 [NodeRuntimeHandler]
          features 13 NodeFeatures
          declaredFeatures 14 [string]
        NodeSwapStatus
          capacity 1 int64?
        NodeSystemInfo
          machineID 1 string required
          systemUUID 2 string required
          bootID 3 string required
          kernelVersion 4 string required
          osImage 5 string required
          containerRuntimeVersion 6 string required
          kubeletVersion 7 string required
          kubeProxyVersion 8 string required
          operatingSystem 9 string required
          architecture 10 string required
          swap 11 NodeSwapStatus
        PodSignature
          podController 1 OwnerReference
        PreferAvoidPodsEntry
          podSignature 1 PodSignature always
          evictionTime 2 Time
          reason 3 string
          message 4 string
        Taint
          key 1 string required
          value 2 string
          effect 3 string required enum(NoSchedule,PreferNoSchedule,NoExecute) ownWords
          timeAdded 4 Time
        """
}
