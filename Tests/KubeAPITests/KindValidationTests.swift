import JSON
import Testing

@testable import KubeAPI

@Suite struct KindValidationTests {
    @Test(
        "what an object of a kind may not say is named as upstream names it",
        arguments: [
            (
                #"{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/dockercfg","data":{".dockercfg":"W10="}}"#,
                [
                    #"data[.dockercfg]: Invalid value: "<secret contents redacted>": json: cannot unmarshal array into "#
                        + "Go value of type map[string]interface {}"
                ]
            ),
            (
                #"{"apiVersion":"v1","kind":"LimitRange","spec":{"limits":[{"type":"Pod","default":{"cpu":"1"}},"#
                    + #"{"type":"Pod","min":{"cpu":"2"},"max":{"cpu":"1"}},{"type":"PersistentVolumeClaim"},"#
                    + #"{"type":"X"}]}}"#,
                [
                    "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
                    #"spec.limits[1].type: Duplicate value: "Pod""#,
                    #"spec.limits[1].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1"#,
                    "spec.limits[2].limits: Required value: either minimum or maximum storage value is required, but "
                        + "neither was provided",
                    #"spec.limits[3].type: Invalid value: "X": must be a standard limit type or fully qualified"#,
                ]
            ),
            (
                #"{"apiVersion":"v1","kind":"ResourceQuota","spec":{"hard":{"gpu":"1","pods":"1500m","storage":"1"},"#
                    + #""scopes":["BestEffort","NotBestEffort"]}}"#,
                [
                    #"spec.hard[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified"#,
                    #"spec.hard[gpu]: Invalid value: "gpu": must be a standard resource for quota"#,
                    #"spec.hard[pods]: Invalid value: "1500m": must be an integer"#,
                    #"spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota"#,
                    #"spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes"#,
                ]
            ),
            (
                #"{"apiVersion":"events.k8s.io/v1","kind":"Event","eventTime":"2026-01-01T00:00:00.000000Z","#
                    + #""reportingController":"a/b","reportingInstance":"c","action":"d","reason":"e","type":"X","#
                    + #""regarding":{"namespace":"default"},"deprecatedCount":2,"series":{"count":1,"#
                    + #""lastObservedTime":"2026-01-01T00:00:00.000000Z"}}"#,
                [
                    #"type: Invalid value: "": has invalid value: X"#,
                    #"count: Invalid value: "": needs to be unset"#,
                    #"series.count: Invalid value: "": should be at least 2"#,
                ]
            ),
            (
                #"{"apiVersion":"v1","kind":"Node","spec":{"taints":[{"key":"a","effect":"No"},{"key":"a","effect":"No"}]},"#
                    + #""status":{"capacity":{"pods":"-1"},"allocatable":{"pods":"1"}}}"#,
                [
                    #"metadata.taints[0].effect: Unsupported value: "No": supported values: "NoSchedule", "#
                        + #""PreferNoSchedule", "NoExecute""#,
                    #"metadata.taints[1].effect: Unsupported value: "No": supported values: "NoSchedule", "#
                        + #""PreferNoSchedule", "NoExecute""#,
                    #"metadata.taints[1]: Duplicate value: {"key":"a","effect":"No"}: taints must be unique by key and "#
                        + "effect pair",
                    #"status.capacity.pods: Invalid value: "-1": must be greater than or equal to 0"#,
                ]
            ),
            (
                #"{"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"podManagementPolicy":"X","selector":{"matchLabels":"#
                    + #"{"a":"b"}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":0}},"template":{"metadata":{"#
                    + #""labels":{"a":"b"}},"spec":{"activeDeadlineSeconds":1,"containers":[{"name":"c","image":"i"}]}}}}"#,
                [
                    #"spec.podManagementPolicy: Invalid value: "X": must be 'OrderedReady' or 'Parallel'"#,
                    "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not "
                        + "Supported",
                    "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0",
                ]
            ),
            (
                #"{"apiVersion":"batch/v1","kind":"CronJob","spec":{"schedule":"@daily","jobTemplate":{"spec":{"#
                    + #""selector":{},"maxFailedIndexes":1,"template":{"spec":{"restartPolicy":"Never","#
                    + #""containers":[{"name":"c","image":"i"}]}}}}}}"#,
                [
                    "spec.jobTemplate.spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
                    "spec.jobTemplate.spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode",
                    "spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated",
                ]
            ),
            (
                #"{"apiVersion":"v1","kind":"PersistentVolumeClaim","spec":{"accessModes":["X"],"#
                    + #""dataSource":{"kind":"Y","name":"z"},"resources":{"requests":{"storage":"1"}}}}"#,
                [
                    #"spec.accessModes: Unsupported value: "X": supported values: "ReadOnlyMany", "ReadWriteMany", "#
                        + #""ReadWriteOnce", "ReadWriteOncePod""#,
                    #"spec.dataSource.kind: Invalid value: "Y": must be 'PersistentVolumeClaim' when referencing the "#
                        + "default apiGroup",
                    #"spec.dataSourceRef.kind: Invalid value: "Y": must be 'PersistentVolumeClaim' when referencing the "#
                        + "default apiGroup",
                ]
            ),
            (
                #"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","roleRef":{"kind":"Role","name":"a"},"#
                    + #""subjects":[{"kind":"ServiceAccount","name":"a"},{"kind":"User","name":""}]}"#,
                [
                    "subjects[1].name: Required value",
                    #"subjects[1].name: Invalid value: "": user name cannot be empty"#,
                ]
            ),
            (
                #"{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{"name":"system-a"},"value":1}"#,
                [
                    "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use "
                        + "only. error: system-a is not a known system priority class"
                ]
            ),
            (
                #"{"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"v1.a.b"},"spec":{"#
                    + #""group":"a.b","version":"v1","groupPriorityMinimum":20001,"versionPriority":1,"caBundle":"QQ=="}}"#,
                [
                    "spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000",
                    #"spec.caBundle: Invalid value: "1 bytes": local APIServices may not have a caBundle"#,
                ]
            ),
        ])
    func bad(text: String, causes: [String]) throws {
        #expect(try Checked.created(text) == causes)
    }

    @Test func `a secret of a mebibyte is kept, and one of a byte more is not`() throws {
        func secret(_ size: Int) throws -> [String] {
            let data = JSONValue.base64(Array(repeating: 0, count: size)).string ?? ""
            return try Checked.created(
                #"{"apiVersion":"v1","kind":"Secret","data":{"a":"DATA"}}"#.replacing("DATA", with: data))
        }
        #expect(try secret(1_048_576) == [])
        #expect(try secret(1_048_577).count == 1)
    }

    @Test func `a claim shrinks to more than it has, and no further`() throws {
        let claim =
            #"{"apiVersion":"v1","kind":"PersistentVolumeClaim","spec":{"accessModes":["ReadWriteOnce"],"#
            + #""resources":{"requests":{"storage":"4Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"2Gi"}}}"#
        func shrunk(_ size: JSONValue) throws -> [String] {
            try Checked.updated(claim) { claim in
                claim.updateMember("spec") { $0.setMember("resources", ["requests": ["storage": size]]) }
            }
        }
        #expect(try shrunk("3Gi") == [])
        #expect(
            try shrunk("2Gi") == [
                "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"
            ])
    }

    @Test func `a job's own selector is its own alone`() throws {
        let labels =
            #""batch.kubernetes.io/controller-uid":"UID","batch.kubernetes.io/job-name":"x","#
            + #""controller-uid":"UID","job-name":"x""#
        let job =
            #"{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"x","uid":"u"},"spec":{"#
            + #""selector":{"matchLabels":{"batch.kubernetes.io/controller-uid":"UID"}},"template":{"metadata":{"#
            + #""labels":{LABELS}},"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}"#
        let whole = job.replacing("LABELS", with: labels)
        #expect(try Checked.created(whole.replacing("UID", with: "u")) == [])
        let causes = try Checked.created(whole.replacing("UID", with: "other"))
        #expect(causes.count == 3)
        #expect(causes.first?.hasSuffix(": must be 'u'") == true)
        #expect(causes.last?.hasSuffix("`selector` not auto-generated") == true)
    }

    @Test func `an indexed job's completions change together with its parallelism`() throws {
        let job =
            #"{"apiVersion":"batch/v1","kind":"Job","spec":{"manualSelector":true,"completionMode":"Indexed","completions":2,"#
            + #""parallelism":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"#
            + #""spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}"#
        let causes = try Checked.updated(job) { $0.updateMember("spec") { $0.setMember("completions", 3) } }
        #expect(
            causes == ["spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism"])
    }
}
