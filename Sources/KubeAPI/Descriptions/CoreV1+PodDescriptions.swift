extension CoreV1 {
    static let podDescriptions = """
        HostAlias: Names for an address in a pod's /etc/hosts.
          ip: The address.
          hostnames: The names.
        Pod: Containers that run together on one node and share its network.
          spec: What is to run, and how.
          status: What runs, as the node's kubelet last saw it.
        PodDNSConfig: How a pod resolves names; added to what dnsPolicy says.
          nameservers: Addresses of DNS servers; three at most.
          searches: Domains in which short names are looked up.
          options: Options of the resolver.
        PodDNSConfigOption: One option, as in resolv.conf.
          name: The option's name, such as "ndots".
          value: The option's value, if it has one.
        PodOS: The operating system that a pod is made for.
          name: The name: linux or windows.
        PodReadinessGate: A condition that must be true for a pod to be ready.
          conditionType: The type of a condition in the pod's status, which somebody sets.
        PodResourceClaim: Devices that a pod uses; exactly one of claim and template.
          name: The name by which the pod's containers refer to it.
          resourceClaimName: A ResourceClaim in the pod's namespace, which several pods may share.
          resourceClaimTemplateName: A ResourceClaimTemplate, from which a claim for this pod alone is made.
        PodSchedulingGate: A reason not to schedule a pod yet.
          name: The reason's name.
        PodSchedulingGroup: A group of pods that are scheduled together.
          podGroupName: The PodGroup in the pod's namespace.
        PodSpec: What is wanted of a Pod.
          volumes: Volumes that containers may mount.
          initContainers: Containers that run before the others, one after another, each until it succeeds; those with
            restartPolicy Always go on running.
          containers: The containers; there is at least one. None can be added or removed later.
          ephemeralContainers: Containers that were put into the running pod to look into it; only the subresource
            ephemeralcontainers adds them.
          restartPolicy: Always restarts a container that has ended, OnFailure only one that failed, Never none; Always
            when nothing is said.
          terminationGracePeriodSeconds: Seconds from telling the containers to end until they are killed; 0 is at once,
            30 when nothing is said.
          activeDeadlineSeconds: Seconds that the pod may run on its node, after which it has failed; no bound when
            nothing is said.
          dnsPolicy: ClusterFirst asks the cluster's DNS, Default does as the node, None only what dnsConfig says;
            ClusterFirstWithHostNet is ClusterFirst for pods on the node's network. ClusterFirst when nothing is said.
          nodeSelector: Labels that the node must have.
          serviceAccountName: The ServiceAccount as which the pod runs; "default" when nothing is said.
          serviceAccount: An older name of serviceAccountName.
          automountServiceAccountToken: Whether the containers get the account's token; what the account says when
            nothing is said.
          nodeName: The node on which the pod runs; set when it is scheduled.
          hostNetwork: True runs the pod on the node's own network; false when nothing is said.
          hostPID: True lets the pod see the node's processes; false when nothing is said.
          hostIPC: True lets the pod use the node's shared memory and semaphores; false when nothing is said.
          shareProcessNamespace: True lets the pod's containers see each other's processes; not with hostPID.
          securityContext: With which rights the containers run, where they do not say it themselves.
          imagePullSecrets: Secrets with which the images are fetched.
          hostname: The pod's host name; the pod's name when nothing is said.
          subdomain: Makes the pod's full name "HOSTNAME.SUBDOMAIN.NAMESPACE.svc.DOMAIN"; a headless Service of that
            name puts it into DNS.
          affinity: On which nodes, and near or far from which pods, the pod should run.
          schedulerName: Who is to schedule the pod; "default-scheduler" when nothing is said.
          tolerations: The taints of nodes that the pod does not mind.
          hostAliases: Further lines of the pod's /etc/hosts.
          priorityClassName: The PriorityClass that gives the pod its priority; the cluster's default class when nothing
            is said.
          priority: The pod's priority, set from its class; pods with a larger one come first.
          dnsConfig: How names are resolved, besides dnsPolicy.
          readinessGates: Conditions that must be true, besides ready containers, for the pod to be ready.
          runtimeClassName: The RuntimeClass that says how containers are run; the node's default when nothing is said.
          enableServiceLinks: True puts the namespace's Services into environment variables; true when nothing is said.
          preemptionPolicy: PreemptLowerPriority lets others be evicted to make room, Never waits; set from the priority
            class.
          overhead: What the pod itself costs beyond its containers, by resource; set from the RuntimeClass.
          topologySpreadConstraints: How pods are to be spread over zones or nodes; all must hold.
          setHostnameAsFQDN: True makes the full name the pod's host name; false when nothing is said.
          os: The operating system that the pod is made for; some fields are only for one of them.
          hostUsers: False gives the pod a user namespace, in which its root has no rights on the node; true when
            nothing is said.
          schedulingGates: The pod is not scheduled before this list is empty; it can only get shorter.
          resourceClaims: Devices that the containers may use.
          resources: What the pod needs and may use at most as a whole: cpu, memory and hugepages.
          hostnameOverride: The pod's host name, whatever hostname and subdomain say; not with hostNetwork.
          schedulingGroup: The group of pods with which this one is scheduled.
        PodTemplate: A pod's description from which pods are made.
          template: The description.
        PodTemplateSpec: What pods are made like.
          metadata: Labels and annotations of the pods.
          spec: What is to run in the pods.
        """
}
