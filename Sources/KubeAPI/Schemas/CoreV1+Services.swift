extension CoreV1 {
    static let services = """
        ClientIPConfig
          timeoutSeconds 1 int32?
        EndpointAddress atomic
          ip 1 string required
          hostname 3 string
          nodeName 4 string?
          targetRef 2 ObjectReference
        EndpointPort atomic
          name 1 string
          port 2 int32 required
          protocol 3 string enum(SCTP,TCP,UDP) default("TCP")
          appProtocol 4 string?
        EndpointSubset
          addresses 1 [EndpointAddress]
          notReadyAddresses 2 [EndpointAddress]
          ports 3 [EndpointPort]
        Endpoints kind
          metadata 1 ObjectMeta always
          subsets 2 [EndpointSubset]
        LoadBalancerIngress
          ip 1 string
          hostname 2 string
          ipMode 3 string? enum(Proxy,VIP)
          ports 4 [PortStatus]
        LoadBalancerStatus
          ingress 1 [LoadBalancerIngress]
        PortStatus
          port 1 int32 required
          protocol 2 string required
          error 3 string?
        Service kind
          metadata 1 ObjectMeta always
          spec 2 ServiceSpec always
          status 3 ServiceStatus always
        ServicePort
          name 1 string
          protocol 2 string enum(SCTP,TCP,UDP) default("TCP")
          appProtocol 6 string?
          port 3 int32 required
          targetPort 4 IntOrString
          nodePort 5 int32
        ServiceProxyOptions kind
          path 1 string
        ServiceSpec
          ports 1 [ServicePort] map(port,protocol) merge(port)
          selector 2 {string} atomic
          clusterIP 3 string
          clusterIPs 18 [string]
          type 4 string enum(ClusterIP,ExternalName,LoadBalancer,NodePort) default("ClusterIP")
          externalIPs 5 [string]
          sessionAffinity 7 string enum(ClientIP,None) default("None")
          loadBalancerIP 8 string
          loadBalancerSourceRanges 9 [string]
          externalName 10 string
          externalTrafficPolicy 11 string enum(Cluster,Local)
          healthCheckNodePort 12 int32
          publishNotReadyAddresses 13 bool
          sessionAffinityConfig 14 SessionAffinityConfig
          ipFamilies 19 [string]
          ipFamilyPolicy 17 string? enum(PreferDualStack,RequireDualStack,SingleStack)
          allocateLoadBalancerNodePorts 20 bool?
          loadBalancerClass 21 string?
          internalTrafficPolicy 22 string? enum(Cluster,Local)
          trafficDistribution 23 string?
        ServiceStatus
          loadBalancer 1 LoadBalancerStatus always
          conditions 2 [Condition] map(type) merge(type)
        SessionAffinityConfig
          clientIP 1 ClientIPConfig
        """
}
