/// The schema of `autoscaling/v2`; `SchemaText` describes the notation.
enum AutoscalingV2 {
    static let text = SchemaText(
        "autoscaling/v2", package: "io.k8s.api.autoscaling.v2", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        horizontalpodautoscalers HorizontalPodAutoscaler namespaced short(hpa) categories(all)
          status HorizontalPodAutoscaler get,patch,update
        """

    private static let messages = """
        ContainerResourceMetricSource
          name 1 string required notEmpty
          target 2 MetricTarget required always
          container 3 string required notEmpty
        ContainerResourceMetricStatus
          name 1 string required
          current 2 MetricValueStatus required always
          container 3 string required
        CrossVersionObjectReference
          kind 1 string required notEmpty
          name 2 string required notEmpty
          apiVersion 3 string
        ExternalMetricSource
          metric 1 MetricIdentifier required always
          target 2 MetricTarget required always
        ExternalMetricStatus
          metric 1 MetricIdentifier required always
          current 2 MetricValueStatus required always
        HPAScalingPolicy
          type 1 string required enum(Percent,Pods)
          value 2 int32 required
          periodSeconds 3 int32 required
        HPAScalingRules
          stabilizationWindowSeconds 3 int32?
          selectPolicy 1 string? enum(Disabled,Max,Min)
          policies 2 [HPAScalingPolicy]
          tolerance 4 Quantity
        HorizontalPodAutoscaler kind
          metadata 1 ObjectMeta always
          spec 2 HorizontalPodAutoscalerSpec always
          status 3 HorizontalPodAutoscalerStatus always
        HorizontalPodAutoscalerBehavior
          scaleUp 1 HPAScalingRules
          scaleDown 2 HPAScalingRules
        HorizontalPodAutoscalerCondition
          type 1 string required
          status 2 string required
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        HorizontalPodAutoscalerSpec
          scaleTargetRef 1 CrossVersionObjectReference required always
          minReplicas 2 int32? default(1)
          maxReplicas 3 int32 required
          metrics 4 [MetricSpec]
          behavior 5 HorizontalPodAutoscalerBehavior
        HorizontalPodAutoscalerStatus
          observedGeneration 1 int64?
          lastScaleTime 2 Time
          currentReplicas 3 int32
          desiredReplicas 4 int32 required
          currentMetrics 5 [MetricStatus]
          conditions 6 [HorizontalPodAutoscalerCondition] map(type) merge(type)
        MetricIdentifier
          name 1 string required notEmpty
          selector 2 LabelSelector
        MetricSpec
          type 1 string required enum(ContainerResource,External,Object,Pods,Resource)
          object 2 ObjectMetricSource
          pods 3 PodsMetricSource
          resource 4 ResourceMetricSource
          containerResource 7 ContainerResourceMetricSource
          external 5 ExternalMetricSource
        MetricStatus
          type 1 string required
          object 2 ObjectMetricStatus
          pods 3 PodsMetricStatus
          resource 4 ResourceMetricStatus
          containerResource 7 ContainerResourceMetricStatus
          external 5 ExternalMetricStatus
        MetricTarget
          type 1 string required enum(AverageValue,Utilization,Value)
          value 2 Quantity
          averageValue 3 Quantity
          averageUtilization 4 int32?
        MetricValueStatus
          value 1 Quantity
          averageValue 2 Quantity
          averageUtilization 3 int32?
        ObjectMetricSource
          describedObject 1 CrossVersionObjectReference required always
          target 2 MetricTarget required always
          metric 3 MetricIdentifier required always
        ObjectMetricStatus
          metric 1 MetricIdentifier required always
          current 2 MetricValueStatus required always
          describedObject 3 CrossVersionObjectReference required always
        PodsMetricSource
          metric 1 MetricIdentifier required always
          target 2 MetricTarget required always
        PodsMetricStatus
          metric 1 MetricIdentifier required always
          current 2 MetricValueStatus required always
        ResourceMetricSource
          name 1 string required notEmpty
          target 2 MetricTarget required always
        ResourceMetricStatus
          name 1 string required
          current 2 MetricValueStatus required always
        """
}
