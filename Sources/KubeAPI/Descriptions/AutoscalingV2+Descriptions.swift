extension AutoscalingV2 {
    static let descriptions = """
        ContainerResourceMetricSource: Which resource of which container, and the use that is aimed at.
          name: The resource: cpu or memory.
          target: The use that is aimed at.
          container: The container's name.
        ContainerResourceMetricStatus: Which resource of which container, and its use.
          name: The resource.
          current: The use.
          container: The container's name.
        CrossVersionObjectReference: Names an object in the same namespace.
          kind: The object's kind.
          name: The object's name.
          apiVersion: The kind's group and version.
        ExternalMetricSource: Which number, and the value that is aimed at.
          metric: Which number.
          target: The value that is aimed at.
        ExternalMetricStatus: Which number, and its value.
          metric: Which number.
          current: The value.
        HPAScalingPolicy: How fast the number of replicas may change.
          type: Pods or Percent: what value counts.
          value: The most by which the number may change in the period; more than 0.
          periodSeconds: How long the period is, from 1 to 1800 seconds.
        HPAScalingRules: How the number of replicas changes in one direction.
          stabilizationWindowSeconds: Seconds of which the best recent choice counts, so that the number does not flap,
            from 0 to 3600; 0 for more and 300 for fewer when nothing is said.
          selectPolicy: Which of several policies counts: Max for the fastest, Min for the slowest, Disabled for none at
            all; Max when nothing is said.
          policies: How fast it may go. When nothing is said: for more, 4 pods or 100 percent in 15 seconds; for fewer,
            100 percent in 15 seconds.
          tolerance: How far the metric may be off without a change, as a part of 1; 0.1 when nothing is said.
        HorizontalPodAutoscaler: Keeps as many replicas of a pod as their load needs.
          spec: What is scaled, and by what.
          status: The replicas that there are, and their load.
        HorizontalPodAutoscalerBehavior: How the number of replicas changes.
          scaleUp: How it becomes more.
          scaleDown: How it becomes fewer.
        HorizontalPodAutoscalerCondition: One aspect of an autoscaler's state.
          @Condition
          type: AbleToScale, ScalingActive or ScalingLimited.
        HorizontalPodAutoscalerSpec: What is wanted of a HorizontalPodAutoscaler.
          scaleTargetRef: The object whose replicas are set, such as a Deployment.
          minReplicas: The fewest replicas; 1 when nothing is said.
          maxReplicas: The most replicas; not less than minReplicas.
          metrics: By what it is scaled; the one that asks for the most replicas counts. 80 percent of the CPU requests
            when nothing is said.
          behavior: How the number changes; as fast as the defaults allow when nothing is said.
        HorizontalPodAutoscalerStatus: What was last seen of a HorizontalPodAutoscaler.
          observedGeneration: The generation of the spec that was last acted upon.
          lastScaleTime: When the number was last changed.
          currentReplicas: How many there are.
          desiredReplicas: How many are wanted.
          currentMetrics: The load.
          conditions: The autoscaler's state in several respects.
        MetricIdentifier: Names a number that somebody measures.
          name: The number's name.
          selector: Labels by which whoever measures it tells it from others.
        MetricSpec: By what something is scaled; the part that the type names.
          type: Resource, ContainerResource, Pods, Object or External.
          object: A number about another object.
          pods: A number about each pod.
          resource: What each pod uses of a resource.
          containerResource: What one container of each pod uses of a resource.
          external: A number from outside the cluster.
        MetricStatus: What was last measured; the part that the type names.
          @MetricSpec
        MetricTarget: What is aimed at; the part that the type names.
          type: Value, AverageValue or Utilization.
          value: The number itself.
          averageValue: The number divided by the pods.
          averageUtilization: How much of their requests the pods use on average, in percent; for resources only.
        MetricValueStatus: What was last measured.
          @MetricTarget
        ObjectMetricSource: Which number of which object, and its target.
          describedObject: The object.
          target: The value that is aimed at.
          metric: Which number.
        ObjectMetricStatus: Which number of which object, and its value.
          metric: Which number.
          current: The value.
          describedObject: The object.
        PodsMetricSource: Which number, and the average that is aimed at.
          metric: Which number.
          target: The average that is aimed at.
        PodsMetricStatus: Which number, and its average.
          metric: Which number.
          current: The average.
        ResourceMetricSource: Which resource, and the use that is aimed at.
          name: The resource: cpu or memory.
          target: The use that is aimed at.
        ResourceMetricStatus: Which resource, and its use.
          name: The resource.
          current: The use.
        """
}
