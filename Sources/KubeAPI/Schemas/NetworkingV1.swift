/// The schema of `networking.k8s.io/v1`; `SchemaText` describes the notation.
enum NetworkingV1 {
    static let text = SchemaText(
        "networking.k8s.io/v1", package: "io.k8s.api.networking.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        ingressclasses IngressClass
        ingresses Ingress namespaced short(ing)
          status Ingress get,patch,update
        ipaddresses IPAddress short(ip)
        networkpolicies NetworkPolicy namespaced short(netpol)
        servicecidrs ServiceCIDR
          status ServiceCIDR get,patch,update
        """

    private static let messages = """
        HTTPIngressPath
          path 1 string
          pathType 3 string? required enum(Exact,ImplementationSpecific,Prefix)
          backend 2 IngressBackend required always
        HTTPIngressRuleValue
          paths 1 [HTTPIngressPath] required
        IPAddress kind
          metadata 1 ObjectMeta always
          spec 2 IPAddressSpec required always
        IPAddressSpec
          parentRef 1 ParentReference required
        IPBlock
          cidr 1 string required
          except 2 [string]
        Ingress kind
          metadata 1 ObjectMeta always
          spec 2 IngressSpec always
          status 3 IngressStatus always
        IngressBackend
          service 4 IngressServiceBackend
          resource 3 TypedLocalObjectReference
        IngressClass kind
          metadata 1 ObjectMeta always
          spec 2 IngressClassSpec always
        IngressClassParametersReference
          apiGroup 1 string?
          kind 2 string required
          name 3 string required
          scope 4 string? default("Cluster")
          namespace 5 string?
        IngressClassSpec
          controller 1 string
          parameters 2 IngressClassParametersReference
        IngressLoadBalancerIngress
          ip 1 string
          hostname 2 string
          ports 4 [IngressPortStatus]
        IngressLoadBalancerStatus
          ingress 1 [IngressLoadBalancerIngress]
        IngressPortStatus
          port 1 int32 required
          protocol 2 string required
          error 3 string?
        IngressRule
          host 1 string
          @2 IngressRuleValue
        IngressRuleValue
          http 1 HTTPIngressRuleValue
        IngressServiceBackend
          name 1 string required
          port 2 ServiceBackendPort always
        IngressSpec
          ingressClassName 4 string?
          defaultBackend 1 IngressBackend
          tls 2 [IngressTLS]
          rules 3 [IngressRule]
        IngressStatus
          loadBalancer 1 IngressLoadBalancerStatus always
        IngressTLS
          hosts 1 [string]
          secretName 2 string
        NetworkPolicy kind
          metadata 1 ObjectMeta always
          spec 2 NetworkPolicySpec always
        NetworkPolicyEgressRule
          ports 1 [NetworkPolicyPort]
          to 2 [NetworkPolicyPeer]
        NetworkPolicyIngressRule
          ports 1 [NetworkPolicyPort]
          from 2 [NetworkPolicyPeer]
        NetworkPolicyPeer
          podSelector 1 LabelSelector
          namespaceSelector 2 LabelSelector
          ipBlock 3 IPBlock
        NetworkPolicyPort
          protocol 1 string? enum(TCP,UDP,SCTP) default("TCP")
          port 2 IntOrString
          endPort 3 int32?
        NetworkPolicySpec
          podSelector 1 LabelSelector always
          ingress 2 [NetworkPolicyIngressRule]
          egress 3 [NetworkPolicyEgressRule]
          policyTypes 4 [string]
        ParentReference
          group 1 string
          resource 2 string required
          namespace 3 string
          name 4 string required
        ServiceBackendPort atomic
          name 1 string
          number 2 int32
        ServiceCIDR kind
          metadata 1 ObjectMeta always
          spec 2 ServiceCIDRSpec always
          status 3 ServiceCIDRStatus always
        ServiceCIDRSpec
          cidrs 1 [string]
        ServiceCIDRStatus
          conditions 1 [Condition] map(type) merge(type)
        """
}
