extension CoreV1 {
    static let pods = """
        Affinity
          nodeAffinity 1 NodeAffinity
          podAffinity 2 PodAffinity
          podAntiAffinity 3 PodAntiAffinity
        HostAlias
          ip 1 string required
          hostnames 2 [string]
        HostIP
          ip 1 string required
        NodeAffinity
          requiredDuringSchedulingIgnoredDuringExecution 1 NodeSelector
          preferredDuringSchedulingIgnoredDuringExecution 2 [PreferredSchedulingTerm]
        NodeAllocatableResourceClaimStatus
          resourceClaimName 1 string required
          containers 2 [string] set
          resources 3 {Quantity} required
        NodeSelector atomic
          nodeSelectorTerms 1 [NodeSelectorTerm] required
        NodeSelectorRequirement
          key 1 string required
          operator 2 string required enum(DoesNotExist,Exists,Gt,In,Lt,NotIn) ownWords
          values 3 [string]
        NodeSelectorTerm atomic
          matchExpressions 1 [NodeSelectorRequirement]
          matchFields 2 [NodeSelectorRequirement]
        Pod kind
          metadata 1 ObjectMeta always
          spec 2 PodSpec always
          status 3 PodStatus always
        PodAffinity
          requiredDuringSchedulingIgnoredDuringExecution 1 [PodAffinityTerm]
          preferredDuringSchedulingIgnoredDuringExecution 2 [WeightedPodAffinityTerm]
        PodAffinityTerm
          labelSelector 1 LabelSelector
          namespaces 2 [string]
          topologyKey 3 string required
          namespaceSelector 4 LabelSelector
          matchLabelKeys 5 [string]
          mismatchLabelKeys 6 [string]
        PodAntiAffinity
          requiredDuringSchedulingIgnoredDuringExecution 1 [PodAffinityTerm]
          preferredDuringSchedulingIgnoredDuringExecution 2 [WeightedPodAffinityTerm]
        PodAttachOptions kind
          stdin 1 bool
          stdout 2 bool
          stderr 3 bool
          tty 4 bool
          container 5 string
        PodCondition
          type 1 string required
          observedGeneration 7 int64
          status 2 string required
          lastProbeTime 3 Time
          lastTransitionTime 4 Time
          reason 5 string
          message 6 string
        PodDNSConfig
          nameservers 1 [string]
          searches 2 [string]
          options 3 [PodDNSConfigOption]
        PodDNSConfigOption
          name 1 string
          value 2 string?
        PodExecOptions kind
          stdin 1 bool
          stdout 2 bool
          stderr 3 bool
          tty 4 bool
          container 5 string
          command 6 [string]
        PodExtendedResourceClaimStatus
          requestMappings 1 [ContainerExtendedResourceRequest] required
          resourceClaimName 2 string required
        PodIP
          ip 1 string required
        PodLogOptions kind
          container 1 string
          follow 2 bool
          previous 3 bool
          sinceSeconds 4 int64?
          sinceTime 5 Time
          timestamps 6 bool
          tailLines 7 int64?
          limitBytes 8 int64?
          insecureSkipTLSVerifyBackend 9 bool
          stream 10 string?
        PodOS
          name 1 string required enum(linux,windows)
        PodPortForwardOptions kind
          ports 1 [int32]
        PodProxyOptions kind
          path 1 string
        PodReadinessGate
          conditionType 1 string required
        PodResourceClaim
          name 1 string required
          resourceClaimName 3 string?
          resourceClaimTemplateName 4 string?
        PodResourceClaimStatus
          name 1 string required
          resourceClaimName 2 string?
        PodSchedulingGate
          name 1 string required
        PodSchedulingGroup
          podGroupName 1 string?
        PodSecurityContext
          seLinuxOptions 1 SELinuxOptions
          windowsOptions 8 WindowsSecurityContextOptions
          runAsUser 2 int64?
          runAsGroup 6 int64?
          runAsNonRoot 3 bool?
          supplementalGroups 4 [int64]
          supplementalGroupsPolicy 12 string? enum(Merge,Strict)
          fsGroup 5 int64?
          sysctls 7 [Sysctl]
          fsGroupChangePolicy 9 string? enum(Always,OnRootMismatch)
          seccompProfile 10 SeccompProfile
          appArmorProfile 11 AppArmorProfile
          seLinuxChangePolicy 13 string? enum(MountOption,Recursive)
        PodSpec
          volumes 1 [Volume] map(name) merge(name) retainKeys
          initContainers 20 [Container] map(name) merge(name)
          containers 2 [Container] required map(name) merge(name)
          ephemeralContainers 34 [EphemeralContainer] map(name) merge(name)
          restartPolicy 3 string enum(Always,OnFailure,Never) default("Always")
          terminationGracePeriodSeconds 4 int64? default(30)
          activeDeadlineSeconds 5 int64?
          dnsPolicy 6 string enum(ClusterFirstWithHostNet,ClusterFirst,Default,None) default("ClusterFirst")
          nodeSelector 7 {string} atomic
          serviceAccountName 8 string
          serviceAccount 9 string
          automountServiceAccountToken 21 bool?
          nodeName 10 string
          hostNetwork 11 bool
          hostPID 12 bool
          hostIPC 13 bool
          shareProcessNamespace 27 bool?
          securityContext 14 PodSecurityContext default({})
          imagePullSecrets 15 [LocalObjectReference] map(name) merge(name)
          hostname 16 string
          subdomain 17 string
          affinity 18 Affinity
          schedulerName 19 string default("default-scheduler")
          tolerations 22 [Toleration]
          hostAliases 23 [HostAlias] map(ip) merge(ip)
          priorityClassName 24 string
          priority 25 int32?
          dnsConfig 26 PodDNSConfig
          readinessGates 28 [PodReadinessGate]
          runtimeClassName 29 string?
          enableServiceLinks 30 bool?
          preemptionPolicy 31 string? enum(PreemptLowerPriority,Never)
          overhead 32 {Quantity}
          topologySpreadConstraints 33 [TopologySpreadConstraint] map(topologyKey,whenUnsatisfiable) merge(topologyKey)
          setHostnameAsFQDN 35 bool?
          os 36 PodOS
          hostUsers 37 bool?
          schedulingGates 38 [PodSchedulingGate] map(name) merge(name)
          resourceClaims 39 [PodResourceClaim] map(name) merge(name) retainKeys
          resources 40 ResourceRequirements
          hostnameOverride 41 string?
          schedulingGroup 43 PodSchedulingGroup
        PodStatus
          observedGeneration 17 int64
          phase 1 string enum(Failed,Pending,Running,Succeeded,Unknown)
          conditions 2 [PodCondition] map(type) merge(type)
          message 3 string
          reason 4 string
          nominatedNodeName 11 string
          hostIP 5 string
          hostIPs 16 [HostIP] merge(ip)
          podIP 6 string
          podIPs 12 [PodIP] map(ip) merge(ip)
          startTime 7 Time
          initContainerStatuses 10 [ContainerStatus]
          containerStatuses 8 [ContainerStatus]
          qosClass 9 string enum(BestEffort,Burstable,Guaranteed)
          ephemeralContainerStatuses 13 [ContainerStatus]
          resize 14 string
          resourceClaimStatuses 15 [PodResourceClaimStatus] map(name) merge(name) retainKeys
          extendedResourceClaimStatus 18 PodExtendedResourceClaimStatus
          allocatedResources 19 {Quantity}
          resources 20 ResourceRequirements
          nodeAllocatableResourceClaimStatuses 21 [NodeAllocatableResourceClaimStatus]
        PodStatusResult kind
          metadata 1 ObjectMeta always
          status 2 PodStatus
        PodTemplate kind
          metadata 1 ObjectMeta always
          template 2 PodTemplateSpec always
        PodTemplateSpec
          metadata 1 ObjectMeta always
          spec 2 PodSpec always
        PreferredSchedulingTerm
          weight 1 int32 required
          preference 2 NodeSelectorTerm required always
        Sysctl
          name 1 string required
          value 2 string required
        Toleration
          key 1 string
          operator 2 string enum(Equal,Exists,Gt,Lt)
          value 3 string
          effect 4 string enum(NoSchedule,PreferNoSchedule,NoExecute)
          tolerationSeconds 5 int64?
        TopologySpreadConstraint
          maxSkew 1 int32 required
          topologyKey 2 string required
          whenUnsatisfiable 3 string required enum(DoNotSchedule,ScheduleAnyway)
          labelSelector 4 LabelSelector
          minDomains 5 int32?
          nodeAffinityPolicy 6 string? enum(Honor,Ignore)
          nodeTaintsPolicy 7 string? enum(Honor,Ignore)
          matchLabelKeys 8 [string]
        WeightedPodAffinityTerm
          weight 1 int32 required
          podAffinityTerm 2 PodAffinityTerm required always
        """
}
