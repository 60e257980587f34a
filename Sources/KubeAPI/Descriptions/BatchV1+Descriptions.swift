extension BatchV1 {
    static let descriptions = """
        CronJob: Starts Jobs by a schedule.
          spec: When Jobs are started, and which.
          status: When Jobs were started.
        CronJobSpec: What is wanted of a CronJob.
          schedule: Minute, hour, day of month, month and day of week, as in a crontab: "*/5 * * * *" is every five
            minutes; or @hourly, @daily, @weekly, @monthly or @yearly.
          timeZone: The time zone of the schedule, such as "Europe/Berlin"; that of the controller when nothing is said.
          startingDeadlineSeconds: Seconds by which a Job may start late, after which it is left out; no bound when
            nothing is said.
          concurrencyPolicy: What happens when the last Job still runs: Allow starts another, Forbid leaves this one
            out, Replace ends the old one; Allow when nothing is said.
          suspend: True starts no further Jobs; false when nothing is said.
          jobTemplate: Describes the Jobs that are started.
          successfulJobsHistoryLimit: How many Jobs that succeeded are kept; 3 when nothing is said.
          failedJobsHistoryLimit: How many Jobs that failed are kept; 1 when nothing is said.
        CronJobStatus: What was last seen of a CronJob.
          active: The Jobs that run.
          lastScheduleTime: When a Job was last due and started.
          lastSuccessfulTime: When a Job last succeeded.
        Job: Runs pods until enough of them have succeeded.
          spec: The pods that are wanted.
          status: The pods that were last seen.
        JobCondition: One aspect of a Job's state.
          @Condition
          type: Complete, Failed, Suspended, SuccessCriteriaMet or FailureTarget.
          lastProbeTime: When the condition was last looked at.
        JobSpec: The pods of a Job.
          parallelism: How many pods may run at once; 1 when nothing is said.
          completions: How many pods must succeed. With parallelism alone one success is enough, once all pods have
            ended; 1 when neither is said.
          activeDeadlineSeconds: Seconds that the Job may run, after which it has failed; no bound when nothing is said.
          podFailurePolicy: What follows from a pod's failure, by exit codes and conditions; every failure counts when
            nothing is said.
          successPolicy: When the Job has succeeded before all completions have; for Indexed only.
          backoffLimit: How many pods may fail before the Job has; 6 when nothing is said, and no bound with
            backoffLimitPerIndex.
          backoffLimitPerIndex: How many pods of one index may fail before the index has; for Indexed only. Cannot be
            changed.
          maxFailedIndexes: How many indexes may fail before the Job has; for backoffLimitPerIndex only.
          selector: Finds the pods that belong to the Job; made by the server.
          manualSelector: True leaves selector and labels to whoever writes the Job; false when nothing is said.
          template: Describes the pods that are made; restartPolicy must be Never or OnFailure.
          ttlSecondsAfterFinished: Seconds after its end at which the Job is deleted; not at all when nothing is said.
          completionMode: NonIndexed counts successes, Indexed wants one of each index from 0; NonIndexed when nothing
            is said. Cannot be changed.
          suspend: True ends the pods and makes none until it is false again; false when nothing is said.
          podReplacementPolicy: TerminatingOrFailed makes a new pod once the old one is being deleted, Failed only when
            that has ended; TerminatingOrFailed when nothing is said, but Failed with podFailurePolicy.
          managedBy: Who looks after the Job, such as "example.com/controller"; the control plane when nothing is said.
            Cannot be changed.
        JobStatus: How far a Job is.
          conditions: The Job's state in several respects.
          startTime: When the Job started, or went on after it was suspended.
          completionTime: When the Job succeeded.
          active: How many pods are pending or run, without those that are being deleted.
          succeeded: How many pods have succeeded.
          failed: How many pods have failed.
          terminating: How many pods are being deleted and have not ended yet.
          completedIndexes: The indexes that have succeeded, such as "1,3-5,7".
          failedIndexes: The indexes that have failed, such as "1,3-5,7"; for backoffLimitPerIndex only.
          uncountedTerminatedPods: Pods that have ended and are not yet in succeeded and failed.
          ready: How many of the active pods are ready.
        JobTemplateSpec: What Jobs are made like.
          metadata: Labels and annotations of the Jobs.
          spec: The pods of the Jobs.
        PodFailurePolicy: What follows from a pod's failure.
          rules: The rules, 20 at most; the first that fits counts.
        PodFailurePolicyOnExitCodesRequirement: Exit codes of a pod's containers.
          containerName: The container; any when nothing is said.
          operator: In for those in values, NotIn for all others but 0.
          values: Exit codes; 255 of them at most, and no 0 with In.
        PodFailurePolicyOnPodConditionsPattern: A condition of a pod.
          type: The condition's type, such as DisruptionTarget.
          status: The condition's status; True when nothing is said.
        PodFailurePolicyRule: What follows from one sort of failure; says either exit codes or conditions.
          action: FailJob ends the Job, FailIndex the pod's index, Ignore does not count the failure, Count does.
          onExitCodes: The exit codes that it is for.
          onPodConditions: The conditions that it is for; one is enough.
        SuccessPolicy: When a Job has succeeded before all its indexes have.
          rules: The rules, 20 at most; one is enough.
        SuccessPolicyRule: Indexes that are enough; says which, how many, or both.
          succeededIndexes: The indexes that must succeed, such as "1,3-5,7"; any when nothing is said.
          succeededCount: How many of them must succeed; all when nothing is said.
        UncountedTerminatedPods: Pods that have ended and are not yet counted.
          succeeded: The UIDs of those that succeeded.
          failed: The UIDs of those that failed.
        """
}
