extension NetworkingV1 {
    static let descriptions = """
        HTTPIngressPath: Where requests for some paths go.
          path: The path, which begins with "/"; all paths when empty.
          pathType: Exact for this path alone, Prefix for all below it too, element by element, ImplementationSpecific
            for what the controller makes of it.
          backend: Where the requests go.
        HTTPIngressRuleValue: Where HTTP requests go, by their paths.
          paths: The paths; the longest that fits counts.
        IPAddress: An address that a Service or another object has been given.
          spec: Whose address it is.
        IPAddressSpec: The owner of an address.
          parentRef: The object that has the address.
        IPBlock: A range of addresses.
          cidr: The range, such as "192.0.2.0/24" or "2001:db8::/64".
          except: Ranges within it that are left out.
        Ingress: Routes HTTP requests from outside to Services by host and path.
          spec: The routes.
          status: Where requests are taken.
        IngressBackend: Where requests go; exactly one of these.
          service: A Service in the Ingress's namespace.
          resource: Another object in the Ingress's namespace.
        IngressClass: Names the controller that carries out Ingresses.
          spec: The controller and its settings.
        IngressClassParametersReference: An object with a controller's settings.
          apiGroup: The group of the object's kind; empty for the core group.
          kind: The object's kind.
          name: The object's name.
          scope: Cluster or Namespace: where the object is; Cluster when nothing is said.
          namespace: The object's namespace; for Namespace only.
        IngressClassSpec: The controller of an IngressClass.
          controller: The controller's name, such as "example.com/ingress"; cannot be changed.
          parameters: An object with settings for the controller.
        IngressLoadBalancerIngress: A place at which requests are taken.
          ip: The address.
          hostname: The name in DNS.
          ports: What is known about single ports.
        IngressLoadBalancerStatus: Addresses and names of a load balancer.
          ingress: The places.
        IngressPortStatus: The state of one port.
          port: The number of the port.
          protocol: TCP, UDP or SCTP.
          error: One word for why the port does not work, in CamelCase; empty when it does.
        IngressRule: Where requests for a host go.
          host: The host's name, or "*." and a domain for all names one label longer; any host when empty.
          http: Where requests go, by their paths; all to the default backend when nothing is said.
        IngressServiceBackend: A port of a Service.
          name: The Service's name.
          port: The Service's port.
        IngressSpec: The routes of an Ingress.
          ingressClassName: The IngressClass, and so the controller, that carries it out; the default class when nothing
            is said.
          defaultBackend: Where requests go that no rule is for.
          tls: Hosts that speak TLS, and their certificates.
          rules: Where requests go, by host; all to the default backend when empty.
        IngressStatus: What was last observed of an Ingress.
          loadBalancer: Where its requests are taken.
        IngressTLS: Hosts that speak TLS.
          hosts: The hosts' names, which the certificate must have.
          secretName: The Secret with the certificate and the key, in tls.crt and tls.key.
        NetworkPolicy: What network traffic some pods of a namespace may have.
          spec: Which pods, and what traffic.
        NetworkPolicyEgressRule: Traffic that pods may send; must fit both.
          ports: To which ports; all when empty.
          to: To whom; everybody when empty.
        NetworkPolicyIngressRule: Traffic that pods may get; must fit both.
          ports: At which ports; all when empty.
          from: From whom; everybody when empty.
        NetworkPolicyPeer: Somebody with whom pods may have traffic: selected pods or a range of addresses.
          podSelector: Finds pods by their labels, in the namespaces of namespaceSelector; in the policy's own without
            that.
          namespaceSelector: Finds namespaces by their labels; all their pods count without podSelector.
          ipBlock: A range of addresses, instead of the selectors.
        NetworkPolicyPort: Some ports.
          protocol: TCP, UDP or SCTP; TCP when nothing is said.
          port: The port, by number or by the name that the pods' containers give it; all when nothing is said.
          endPort: The last of a range of ports that begins with port, which must be a number.
        NetworkPolicySpec: What is wanted of a NetworkPolicy.
          podSelector: Finds the pods by their labels; {} finds all of the namespace.
          ingress: What the pods may get; nothing when empty, if policyTypes has Ingress.
          egress: What the pods may send; nothing when empty, if policyTypes has Egress.
          policyTypes: What the policy restricts: Ingress, Egress or both; Ingress, and Egress with egress rules, when
            nothing is said.
        ParentReference: An object, by its resource and name.
          group: The group of the object's resource; empty for the core group.
          resource: The object's resource, such as "services".
          namespace: The object's namespace.
          name: The object's name.
        ServiceBackendPort: A port of a Service; exactly one of these.
          name: The port's name.
          number: The port's number, from 1 to 65535.
        ServiceCIDR: A range from which Services get their addresses.
          spec: The range.
          status: Whether it is in use.
        ServiceCIDRSpec: A range from which Services get their addresses.
          cidrs: The range, and one of the other IP family if there are two; cannot be changed.
        ServiceCIDRStatus: What was last seen of a ServiceCIDR.
          conditions: Findings about the range; Ready is true when Services get addresses from it.
        """
}
