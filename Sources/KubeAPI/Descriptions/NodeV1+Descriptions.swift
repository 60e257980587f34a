extension NodeV1 {
    static let descriptions = """
        Overhead: Resources besides those of containers.
          podFixed: How much, by resource.
        RuntimeClass: A way in which nodes can run containers.
          handler: What the container runtime calls it; cannot be changed.
          overhead: What such a pod itself costs beyond its containers.
          scheduling: The nodes that can run such pods; all when nothing is said.
        Scheduling: The nodes that can run pods of a RuntimeClass.
          nodeSelector: Labels that the node must have; added to the pod's.
          tolerations: Taints that such pods do not mind; added to the pod's.
        """
}
