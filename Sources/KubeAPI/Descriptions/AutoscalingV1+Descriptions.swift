extension AutoscalingV1 {
    static let descriptions = """
        CrossVersionObjectReference: Names an object in the same namespace.
          kind: The object's kind.
          name: The object's name.
          apiVersion: The kind's group and version.
        HorizontalPodAutoscaler: Keeps as many replicas of a pod as their load needs.
          spec: What is scaled, and by what.
          status: The replicas that there are.
        HorizontalPodAutoscalerSpec: What is wanted of a HorizontalPodAutoscaler.
          scaleTargetRef: The object whose replicas are set, such as a Deployment.
          minReplicas: The fewest replicas; 1 when nothing is said.
          maxReplicas: The most replicas; not less than minReplicas.
          targetCPUUtilizationPercentage: How much of their CPU requests the pods should use on average, in percent.
        HorizontalPodAutoscalerStatus: What was last seen of a HorizontalPodAutoscaler.
          observedGeneration: The generation of the spec that was last acted upon.
          lastScaleTime: When the number was last changed.
          currentReplicas: How many there are.
          desiredReplicas: How many are wanted.
          currentCPUUtilizationPercentage: How much of their CPU requests the pods use on average, in percent.
        Scale: How many replicas of something there are; a subresource of what can be scaled.
          spec: How many are wanted.
          status: How many there are.
        ScaleSpec: How many replicas are wanted.
          replicas: How many.
        ScaleStatus: How many replicas there are.
          replicas: How many.
          selector: Finds their pods by labels, as text.
        """
}
