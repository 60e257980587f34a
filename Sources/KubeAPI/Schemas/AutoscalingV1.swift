/// The schema of `autoscaling/v1`; `SchemaText` describes the notation.
enum AutoscalingV1 {
    static let text = SchemaText(
        "autoscaling/v1", package: "io.k8s.api.autoscaling.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        horizontalpodautoscalers HorizontalPodAutoscaler namespaced short(hpa) categories(all)
          status HorizontalPodAutoscaler get,patch,update
        """

    private static let messages = """
        ContainerResourceMetricSource
          name 1 string
          targetAverageUtilization 2 int32?
          targetAverageValue 3 Quantity
          container 5 string
        ContainerResourceMetricStatus
          name 1 string
          currentAverageUtilization 2 int32?
          currentAverageValue 3 Quantity
          container 4 string
        CrossVersionObjectReference atomic
          kind 1 string required
          name 2 string required
          apiVersion 3 string
        ExternalMetricSource
          metricName 1 string
          metricSelector 2 LabelSelector
          targetValue 3 Quantity
          targetAverageValue 4 Quantity
        ExternalMetricStatus
          metricName 1 string
          metricSelector 2 LabelSelector
          currentValue 3 Quantity
          currentAverageValue 4 Quantity
        HorizontalPodAutoscaler kind
          metadata 1 ObjectMeta always
          spec 2 HorizontalPodAutoscalerSpec required always
          status 3 HorizontalPodAutoscalerStatus always
        HorizontalPodAutoscalerCondition
          type 1 string
          status 2 string
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        HorizontalPodAutoscalerSpec
          scaleTargetRef 1 CrossVersionObjectReference required always
          minReplicas 2 int32? default(1)
          maxReplicas 3 int32 required
          targetCPUUtilizationPercentage 4 int32?
        HorizontalPodAutoscalerStatus
          observedGeneration 1 int64?
          lastScaleTime 2 Time
          currentReplicas 3 int32 required
          desiredReplicas 4 int32 required
          currentCPUUtilizationPercentage 5 int32?
        MetricSpec
          type 1 string
          object 2 ObjectMetricSource
          pods 3 PodsMetricSource
          resource 4 ResourceMetricSource
          containerResource 7 ContainerResourceMetricSource
          external 5 ExternalMetricSource
        MetricStatus
          type 1 string
          object 2 ObjectMetricStatus
          pods 3 PodsMetricStatus
          resource 4 ResourceMetricStatus
          containerResource 7 ContainerResourceMetricStatus
          external 5 ExternalMetricStatus
        ObjectMetricSource
          target 1 CrossVersionObjectReference always
          metricName 2 string
          targetValue 3 Quantity
          selector 4 LabelSelector
          averageValue 5 Quantity
        ObjectMetricStatus
          target 1 CrossVersionObjectReference always
          metricName 2 string
          currentValue 3 Quantity
          selector 4 LabelSelector
          averageValue 5 Quantity
        PodsMetricSource
          metricName 1 string
          targetAverageValue 2 Quantity
          selector 3 LabelSelector
        PodsMetricStatus
          metricName 1 string
          currentAverageValue 2 Quantity
          selector 3 LabelSelector
        ResourceMetricSource
          name 1 string
          targetAverageUtilization 2 int32?
          targetAverageValue 3 Quantity
        ResourceMetricStatus
          name 1 string
          currentAverageUtilization 2 int32?
          currentAverageValue 3 Quantity
        Scale kind
          metadata 1 ObjectMeta always
          spec 2 ScaleSpec always
          status 3 ScaleStatus always
        ScaleSpec
          replicas 1 int32
        ScaleStatus
          replicas 1 int32 required
          selector 2 string
        """
}
