internal import JSON

extension DefaultingRules {
    static let workloads: [String: Rule] = [
        "io.k8s.api.apps.v1.DeploymentStrategy": rollingUpdate,
        "io.k8s.api.apps.v1.DaemonSetUpdateStrategy": rollingUpdate,
        "io.k8s.api.apps.v1.StatefulSetSpec": { spec in
            // Who names the type says how, too: only a strategy without a type gets the block.
            spec.updateMember("updateStrategy", creating: true) { strategy in
                guard strategy.text("type").isEmpty else { return }
                strategy.setMember("type", "RollingUpdate")
                strategy.setDefault("rollingUpdate", [:])
            }
            spec.updateElements("volumeClaimTemplates") { claim in
                claim.setMember("apiVersion", "v1")
                claim.setMember("kind", "PersistentVolumeClaim")
            }
        },
        "io.k8s.api.batch.v1.Job": job,
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler": { autoscaler in
            let metrics = autoscaler.member(at: "metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics")
            guard metrics == nil else { return }
            autoscaler.updateMember("spec") { $0.setDefault("targetCPUUtilizationPercentage", 80) }
        },
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec": { spec in
            spec.setDefault(
                "metrics",
                [
                    [
                        "type": "Resource",
                        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
                    ]
                ])
            spec.updateMember("behavior") { behavior in
                scaling(&behavior, "scaleUp", [("Pods", 4), ("Percent", 100)], window: 0)
                scaling(&behavior, "scaleDown", [("Percent", 100)], window: nil)
            }
        },
    ]

    private static let rollingUpdate: Rule = { strategy in
        if strategy.text("type") == "RollingUpdate" { strategy.setDefault("rollingUpdate", [:]) }
    }

    /// Only a Job's own fields: a CronJob's template gets them when its Job is made.
    private static let job: Rule = { job in
        if let labels = job.member(at: "spec", "template", "metadata", "labels"), labels.object?.isEmpty == false {
            job.updateMember("metadata") { $0.setDefault("labels", labels) }
        }
        job.updateMember("spec", creating: true) { spec in
            let isSingle = spec.member("completions") == nil && spec.member("parallelism") == nil
            if isSingle { spec.setDefault("completions", 1) }
            spec.setDefault("parallelism", 1)
            let limit = spec.member("backoffLimitPerIndex") == nil ? 6 : Int(Int32.max)
            spec.setDefault("backoffLimit", .number(JSONNumber(limit)))
            spec.setDefault("completionMode", "NonIndexed")
            spec.setDefault("suspend", false)
            spec.setDefault("manualSelector", false)
            let failsOnly = spec.member("podFailurePolicy") != nil
            spec.setDefault("podReplacementPolicy", failsOnly ? "Failed" : "TerminatingOrFailed")
        }
    }

    private static func scaling(
        _ behavior: inout JSONValue, _ key: String, _ policies: [(type: String, value: Int)], window: Int?
    ) {
        behavior.updateMember(key, creating: true) { rules in
            if let window { rules.setDefault("stabilizationWindowSeconds", .number(JSONNumber(window))) }
            rules.setDefault("selectPolicy", "Max")
            rules.setDefault(
                "policies",
                .array(
                    policies.map {
                        ["type": .string($0.type), "value": .number(JSONNumber($0.value)), "periodSeconds": 15]
                    }))
        }
    }
}
