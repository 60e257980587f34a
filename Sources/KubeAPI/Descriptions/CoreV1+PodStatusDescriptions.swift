extension CoreV1 {
    static let podStatusDescriptions = """
        HostIP: An address of a pod's node.
          ip: The address.
        NodeAllocatableResourceClaimStatus: What a claim takes of a node's own resources.
          resourceClaimName: The ResourceClaim.
          containers: The containers that use the claim.
          resources: What it takes, by resource.
        PodAttachOptions: How to attach to a container that runs.
          stdin: True sends the client's input.
          stdout: True returns the container's output.
          stderr: True returns the container's errors.
          tty: True for a container that has a terminal.
          container: The container; may be left out when there is only one.
        PodCondition: One aspect of a pod's state.
          @Condition
          type: PodScheduled, Initialized, ContainersReady, Ready or another.
          lastProbeTime: When the condition was last looked at.
        PodExecOptions: How to run a command in a container.
          stdin: True sends the client's input.
          stdout: True returns the command's output.
          stderr: True returns the command's errors.
          tty: True gives the command a terminal.
          container: The container; may be left out when there is only one.
          command: The program and its arguments; no shell is in between.
        PodExtendedResourceClaimStatus: A claim, and what it is for.
          requestMappings: Which of its requests is for which container and resource.
          resourceClaimName: The ResourceClaim.
        PodIP: An address of a pod.
          ip: The address.
        PodPortForwardOptions: Which ports of a pod are forwarded.
          ports: The numbers of the ports.
        PodProxyOptions: How a request is passed on to a pod.
          path: The path of the request at the pod.
        PodResourceClaimStatus: The claim that was made for a pod.
          name: The entry of the pod's resourceClaims.
          resourceClaimName: The ResourceClaim; none when none was needed.
        PodStatus: What was last seen of a pod.
          observedGeneration: The generation of the spec that was last acted upon.
          phase: Pending until all containers have started once, Running, then Succeeded or Failed when all have ended;
            Unknown when the node cannot be reached.
          conditions: The pod's state in several respects.
          message: Why the pod is in this state, for people.
          reason: One word for why the pod is in this state, such as Evicted.
          nominatedNodeName: The node on which others are being evicted to make room for the pod.
          hostIP: The node's address; the first of hostIPs.
          hostIPs: The node's addresses.
          podIP: The pod's address; the first of podIPs.
          podIPs: The pod's addresses, at most one of each IP family.
          startTime: When the kubelet began with the pod, before it fetched images.
          initContainerStatuses: The state of each init container.
          containerStatuses: The state of each container.
          qosClass: Guaranteed, Burstable or BestEffort, by the requests and limits: who is evicted first when the node
            runs short.
          ephemeralContainerStatuses: The state of each ephemeral container.
          resize: The state of a change of resources; superseded by conditions.
          resourceClaimStatuses: The claims that were made for the pod.
          extendedResourceClaimStatus: The claim that was made for the pod's extended resources.
          allocatedResources: The requests that the node has granted the pod as a whole, by resource.
          resources: The requests and limits of the pod as a whole that are in force.
          nodeAllocatableResourceClaimStatuses: What the pod's claims take of the node's own resources.
        """
}
