/// The schema of `batch/v1`; `SchemaText` describes the notation.
enum BatchV1 {
    static let text = SchemaText(
        "batch/v1", package: "io.k8s.api.batch.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        cronjobs CronJob namespaced short(cj) categories(all)
          status CronJob get,patch,update
        jobs Job namespaced categories(all)
          status Job get,patch,update
        """

    private static let messages = """
        CronJob kind
          metadata 1 ObjectMeta always
          spec 2 CronJobSpec required always
          status 3 CronJobStatus always
        CronJobSpec
          schedule 1 string required
          timeZone 8 string?
          startingDeadlineSeconds 2 int64?
          concurrencyPolicy 3 string enum(Allow,Forbid,Replace) default("Allow")
          suspend 4 bool? default(false)
          jobTemplate 5 JobTemplateSpec required always
          successfulJobsHistoryLimit 6 int32? default(3)
          failedJobsHistoryLimit 7 int32? default(1)
        CronJobStatus
          active 1 [ObjectReference]
          lastScheduleTime 4 Time
          lastSuccessfulTime 5 Time
        Job kind
          metadata 1 ObjectMeta always
          spec 2 JobSpec always
          status 3 JobStatus always
        JobCondition
          type 1 string required
          status 2 string required
          lastProbeTime 3 Time
          lastTransitionTime 4 Time
          reason 5 string
          message 6 string
        JobSpec
          parallelism 1 int32?
          completions 2 int32?
          activeDeadlineSeconds 3 int64?
          podFailurePolicy 11 PodFailurePolicy
          successPolicy 16 SuccessPolicy
          backoffLimit 7 int32?
          backoffLimitPerIndex 12 int32?
          maxFailedIndexes 13 int32?
          selector 4 LabelSelector
          manualSelector 5 bool?
          template 6 PodTemplateSpec required always
          ttlSecondsAfterFinished 8 int32?
          completionMode 9 string? enum(NonIndexed,Indexed)
          suspend 10 bool?
          podReplacementPolicy 14 string? enum(Failed,TerminatingOrFailed)
          managedBy 15 string?
        JobStatus
          conditions 1 [JobCondition] merge(type)
          startTime 2 Time
          completionTime 3 Time
          active 4 int32
          succeeded 5 int32
          failed 6 int32
          terminating 11 int32?
          completedIndexes 7 string
          failedIndexes 10 string?
          uncountedTerminatedPods 8 UncountedTerminatedPods
          ready 9 int32?
        JobTemplateSpec
          metadata 1 ObjectMeta always
          spec 2 JobSpec always
        PodFailurePolicy
          rules 1 [PodFailurePolicyRule] required
        PodFailurePolicyOnExitCodesRequirement
          containerName 1 string?
          operator 2 string required enum(In,NotIn)
          values 3 [int32] required set
        PodFailurePolicyOnPodConditionsPattern
          type 1 string required
          status 2 string default("True")
        PodFailurePolicyRule
          action 1 string required enum(Count,FailIndex,FailJob,Ignore)
          onExitCodes 2 PodFailurePolicyOnExitCodesRequirement
          onPodConditions 3 [PodFailurePolicyOnPodConditionsPattern]
        SuccessPolicy
          rules 1 [SuccessPolicyRule] required
        SuccessPolicyRule
          succeededIndexes 1 string?
          succeededCount 2 int32?
        UncountedTerminatedPods
          succeeded 1 [string] set
          failed 2 [string] set
        """
}
