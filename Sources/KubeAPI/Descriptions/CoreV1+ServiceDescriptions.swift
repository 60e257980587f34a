extension CoreV1 {
    static let serviceDescriptions = """
        ClientIPConfig: Settings of the session affinity ClientIP.
          timeoutSeconds: Seconds after its last connection for which a client is remembered, from 1 to 86400; 10800
            when nothing is said.
        EndpointAddress: The address of one pod or host behind a Service.
          ip: The address; neither loopback nor link-local nor multicast.
          hostname: The host's name in DNS, below the Service's.
          nodeName: The node on which the pod runs.
          targetRef: The pod, or whatever else has the address.
        EndpointPort: A port of the addresses behind a Service.
          name: The name of the Service's port; needed when there are several.
          port: The number of the port.
          protocol: TCP, UDP or SCTP; TCP when nothing is said.
          appProtocol: What is spoken on the port, such as "http" or "kubernetes.io/h2c".
        EndpointSubset: Some addresses with their ports.
          addresses: Those that are ready for traffic.
          notReadyAddresses: Those that are not ready, or not any more.
          ports: The ports of all these addresses.
        Endpoints: The addresses behind a Service; superseded by EndpointSlice.
          subsets: The addresses, in groups that have the same ports.
        LoadBalancerIngress: A place at which a load balancer takes traffic for a Service.
          ip: The load balancer's address.
          hostname: The load balancer's name in DNS.
          ipMode: VIP when packets come with the load balancer's address as destination, Proxy when with that of a node
            or pod.
          ports: What is known about single ports.
        LoadBalancerStatus: The state of a Service's load balancer.
          ingress: Where the load balancer takes traffic.
        PortStatus: The state of one port of a load balancer.
          port: The number of the port.
          protocol: TCP, UDP or SCTP.
          error: One word for why the port does not work, in CamelCase; empty when it does.
        Service: One stable address for the pods that a selector finds.
          spec: The address, the ports, and the pods behind them.
          status: The state of the load balancer.
        ServicePort: A port that the Service offers.
          name: Tells the port from others; needed when there are several, and in lower case.
          protocol: TCP, UDP or SCTP; TCP when nothing is said.
          appProtocol: What is spoken on the port, such as "http" or "kubernetes.io/h2c".
          port: The number of the port at the Service's address, from 1 to 65535.
          targetPort: The port of the pods, by number or by the name that their containers give it; the same as port
            when nothing is said.
          nodePort: The port of every node that leads here, for NodePort and LoadBalancer; chosen by the server when
            nothing is said.
        ServiceProxyOptions: How a request is passed on to a Service.
          path: The path of the request at the Service, after its name and port.
        ServiceSpec: How a Service is reached, and what is behind it.
          ports: The ports at which the Service can be reached.
          selector: The labels of the pods behind the Service; without any, the endpoints are given by somebody else.
          clusterIP: The Service's address, chosen by the server when nothing is said, or None for no address of its
            own. Cannot be changed.
          clusterIPs: The Service's addresses, at most one of each IP family; the first is clusterIP.
          type: Where the Service can be reached from: ClusterIP within the cluster, NodePort at each node's port too,
            LoadBalancer at a load balancer too; ExternalName is a name in DNS and nothing else.
          externalIPs: Further addresses whose traffic is for this Service when it arrives at a node; how it gets there
            is not the cluster's business.
          sessionAffinity: ClientIP sends a client to the same pod for a while, None to any; None when nothing is said.
          loadBalancerIP: An address to ask the load balancer for; not every one can do that.
          loadBalancerSourceRanges: The clients that the load balancer lets through, as CIDRs; all when empty.
          externalName: The name in DNS that an ExternalName Service stands for.
          externalTrafficPolicy: Cluster sends traffic from outside to any pod, Local only to pods on the node at which
            it arrives, with the client's address kept; Cluster when nothing is said.
          healthCheckNodePort: The port at which nodes tell a load balancer whether they have pods, for LoadBalancer
            with Local; chosen by the server when nothing is said.
          publishNotReadyAddresses: True treats pods as ready when they are not.
          sessionAffinityConfig: How long ClientIP lasts; three hours when nothing is said.
          ipFamilies: IPv4, IPv6 or both, in the order of clusterIPs; the first cannot be changed.
          ipFamilyPolicy: SingleStack asks for an address of one family, PreferDualStack for two where the cluster has
            them, RequireDualStack for two or none at all.
          allocateLoadBalancerNodePorts: False gives a LoadBalancer no node ports where none are named; true when
            nothing is said.
          loadBalancerClass: Which load balancer is to serve this one; the cluster's own when nothing is said. Set only
            once.
          internalTrafficPolicy: Cluster sends traffic from within to any pod, Local only to pods on the node from which
            it comes; Cluster when nothing is said.
          trafficDistribution: Which pods are preferred: PreferSameZone those in the client's zone (PreferClose is the
            same), PreferSameNode those on its node.
        ServiceStatus: What was last observed of a Service.
          loadBalancer: Where the load balancer takes traffic.
          conditions: Findings about the Service.
        SessionAffinityConfig: Settings of session affinity.
          clientIP: How long a client is sent to the same pod.
        """
}
