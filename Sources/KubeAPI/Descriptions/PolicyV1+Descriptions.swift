extension PolicyV1 {
    static let descriptions = """
        Eviction: Deletes a pod, unless a PodDisruptionBudget forbids it for now.
          deleteOptions: How the pod is deleted.
        PodDisruptionBudget: How many of some pods must stay when others are evicted.
          spec: Which pods, and how many.
          status: How many may be evicted now.
        PodDisruptionBudgetSpec: Which pods must stay.
          minAvailable: How many must stay available, as a number or a percentage, rounded up; not with maxUnavailable.
          selector: Finds the pods by their labels; {} finds all of the namespace.
          maxUnavailable: How many may be missing, as a number or a percentage, rounded up; not with minAvailable.
          unhealthyPodEvictionPolicy: Which pods that are not ready may be evicted: with IfHealthyBudget when enough
            others are ready, with AlwaysAllow always; IfHealthyBudget when nothing is said.
        PodDisruptionBudgetStatus: What was last seen of a PodDisruptionBudget.
          observedGeneration: The generation of the spec that was last acted upon.
          disruptedPods: Pods whose eviction was allowed and that are not seen to go yet, with the time of it.
          disruptionsAllowed: How many may be evicted now.
          currentHealthy: How many are ready.
          desiredHealthy: How many must be ready.
          expectedPods: How many there should be in all.
          conditions: Findings about the budget; DisruptionAllowed is true when an eviction is allowed.
        """
}
