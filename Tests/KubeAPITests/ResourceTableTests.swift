import JSON
import KubeAPI
import Testing

@Suite("Tables")
struct ResourceTableTests {
    static let now = Timestamp(seconds: 1_767_225_600)  // 2026-01-01T00:00:00Z

    static func cells(_ group: String, _ kind: String, _ json: String) throws -> String {
        ResourceTable.of(GroupKind(group: group, kind: kind)).cells(try JSONValue.parse(json), now: now)
            .map { $0.string ?? $0.serialized() }.joined(separator: "|")
    }

    @Test(
        "Ages are upstream's",
        arguments: [
            (-2, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (121, "2m1s"), (599, "9m59s"),
            (600, "10m"),
            (10_799, "179m"), (10_800, "3h"), (11_000, "3h3m"), (28_799, "7h59m"), (28_800, "8h"), (172_799, "47h"),
            (172_800, "2d"), (180_000, "2d2h"), (691_199, "7d23h"), (691_200, "8d"), (63_071_999, "729d"),
            (63_072_000, "2y"),
            (63_158_400, "2y1d"), (252_287_999, "7y364d"), (252_288_000, "8y"), (400_000_000, "12y"),
        ])
    func ages(seconds: Int, text: String) {
        #expect(humanDuration(seconds: seconds) == text)
    }

    static func pod(
        _ status: String, spec: String = #""containers":[{"name":"c"},{"name":"d"}]"#, metadata: String = ""
    ) -> String {
        #"{"metadata":{"name":"p","creationTimestamp":"2025-12-31T23:59:00Z"\#(metadata)},"spec":{\#(spec)},"status":\#(status)}"#
    }

    @Test(
        "A pod's state in one word, with its restarts",
        arguments: [
            (pod(#"{"phase":"Pending"}"#), "p|0/2|Pending|0|60s|<none>|<none>|<none>|<none>"),
            (
                pod(
                    #"{"phase":"Running","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"containerStatuses":[{"ready":true,"restartCount":2,"state":{"running":{}},"lastState":{"terminated":{"finishedAt":"2025-12-31T23:58:20Z"}}},{"ready":true,"restartCount":1,"state":{"running":{}}}]}"#,
                    spec: #""nodeName":"n","containers":[{},{}]"#),
                "p|2/2|Running|3 (100s ago)|60s|10.0.0.1|n|<none>|<none>"
            ),
            (
                pod(
                    #"{"phase":"Running","containerStatuses":[{"restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff"}}},{"ready":true,"restartCount":0,"state":{"running":{}}}]}"#
                ),
                "p|1/2|CrashLoopBackOff|5|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(#"{"phase":"Succeeded","containerStatuses":[{"state":{"terminated":{"reason":"Completed"}}}]}"#),
                "p|0/2|Completed|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(
                    #"{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"state":{"terminated":{"reason":"Completed"}}},{"ready":true,"state":{"running":{}}}]}"#
                ),
                "p|1/2|Running|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(
                    #"{"phase":"Running","containerStatuses":[{"state":{"terminated":{"reason":"Completed"}}},{"ready":true,"state":{"running":{}}}]}"#
                ),
                "p|1/2|NotReady|0|60s|<none>|<none>|<none>|<none>"
            ),
            (pod(#"{"phase":"Failed","reason":"Evicted"}"#), "p|0/2|Evicted|0|60s|<none>|<none>|<none>|<none>"),
            (
                pod(#"{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"signal":9}}}]}"#),
                "p|0/2|Signal:9|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(#"{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":3}}}]}"#),
                "p|0/2|ExitCode:3|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(#"{"phase":"Running"}"#, metadata: #","deletionTimestamp":"x""#),
                "p|0/2|Terminating|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(#"{"phase":"Succeeded"}"#, metadata: #","deletionTimestamp":"x""#),
                "p|0/2|Succeeded|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(#"{"phase":"Running","reason":"NodeLost"}"#, metadata: #","deletionTimestamp":"x""#),
                "p|0/2|Unknown|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(#"{"phase":"Pending","conditions":[{"type":"PodScheduled","reason":"SchedulingGated"}]}"#),
                "p|0/2|SchedulingGated|0|60s|<none>|<none>|<none>|<none>"
            ),
            (
                pod(
                    #"{"phase":"Pending","nominatedNodeName":"m","conditions":[{"type":"g1","status":"True"}]}"#,
                    spec: #""readinessGates":[{"conditionType":"g1"},{"conditionType":"g2"}]"#),
                "p|0/0|Pending|0|60s|<none>|<none>|m|1/2"
            ),
        ])
    func pods(json: String, expected: String) throws {
        #expect(try Self.cells("", "Pod", json) == expected)
    }

    @Test(
        "Init containers give the state until they are done; sidecars count as containers",
        arguments: [
            (#"[{"name":"i","state":{"running":{}}}]"#, "", "0/2|Init:0/2|0"),
            (
                #"[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","restartCount":4,"state":{"waiting":{"reason":"ImagePullBackOff"}}}]"#,
                "", "0/2|Init:ImagePullBackOff|4"
            ),
            (
                #"[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"waiting":{"reason":"PodInitializing"}}}]"#,
                "", "0/2|Init:1/2|0"
            ),
            (#"[{"name":"i","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]"#, "", "0/2|Init:Error|0"),
            (#"[{"name":"i","state":{"terminated":{"exitCode":7}}}]"#, "", "0/2|Init:ExitCode:7|0"),
            (#"[{"name":"i","restartCount":9,"state":{"terminated":{"exitCode":0}}}]"#, "", "0/2|Pending|0"),
            (
                #"[{"name":"i","started":true,"ready":true,"restartCount":1,"state":{"running":{}}},{"name":"j","state":{"terminated":{"exitCode":0}}}]"#,
                #","restartPolicy":"Always""#, "1/3|Pending|1"
            ),
        ])
    func initContainers(statuses: String, policy: String, expected: String) throws {
        let json = Self.pod(
            #"{"phase":"Pending","initContainerStatuses":\#(statuses)}"#,
            spec: #""containers":[{},{}],"initContainers":[{"name":"i"\#(policy)},{"name":"j"}]"#)
        #expect(try Self.cells("", "Pod", json).hasPrefix("p|\(expected)|"))
    }

    private static func meta(_ rest: String = "") -> String {
        #""metadata":{"name":"x","creationTimestamp":"2025-12-30T00:00:00Z"\#(rest)}"#
    }

    @Test(
        "Other kinds",
        arguments: [
            (
                "", "Node",
                #"{\#(meta(#","labels":{"node-role.kubernetes.io/control-plane":"","kubernetes.io/role":"edge"}"#)),"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"1.2.3.4"}],"nodeInfo":{"kubeletVersion":"v1.36.0","osImage":"Debian"}}}"#,
                "x|Ready,SchedulingDisabled|control-plane,edge|2d|v1.36.0|1.2.3.4|<none>|Debian|<unknown>|<unknown>"
            ),
            ("", "Node", "{\(meta())}", "x|Unknown|<none>|2d||<none>|<none>|<unknown>|<unknown>|<unknown>"),
            (
                "", "Service",
                #"{\#(meta()),"spec":{"type":"NodePort","clusterIPs":["10.96.0.1"],"selector":{"b":"2","a":"1"},"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}"#,
                "x|NodePort|10.96.0.1|<none>|80:30080/TCP,53/UDP|2d|a=1,b=2"
            ),
            (
                "", "Service", #"{\#(meta()),"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.1"}}"#,
                "x|LoadBalancer|10.96.0.1|<pending>|<none>|2d|<none>"
            ),
            (
                "", "Service",
                #"{\#(meta()),"spec":{"type":"LoadBalancer","externalIPs":["9.9.9.9"]},"status":{"loadBalancer":{"ingress":[{"ip":"8.8.8.8"},{"hostname":"h"}]}}}"#,
                "x|LoadBalancer|<none>|8.8.8.8,h,9.9.9.9|<none>|2d|<none>"
            ),
            (
                "", "Service", #"{\#(meta()),"spec":{"type":"ExternalName","externalName":"e.org"}}"#,
                "x|ExternalName|<none>|e.org|<none>|2d|<none>"
            ),
            (
                "", "Endpoints",
                #"{\#(meta()),"subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"fd00::1"}],"ports":[{"port":80},{"port":81}]}]}"#,
                "x|1.1.1.1:80,[fd00::1]:80,1.1.1.1:81 + 1 more...|2d"
            ),
            ("", "Endpoints", "{\(meta())}", "x|<none>|2d"),
            (
                "discovery.k8s.io", "EndpointSlice",
                #"{\#(meta()),"addressType":"IPv4","ports":[{"port":80},{"name":"n"},{}],"endpoints":[{"addresses":["1.1.1.1"]}]}"#,
                "x|IPv4|80,n,*|1.1.1.1|2d"
            ),
            (
                "apps", "Deployment",
                #"{\#(meta()),"spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"c","image":"i"},{"name":"d","image":"j"}]}}},"status":{"readyReplicas":1,"updatedReplicas":2}}"#,
                "x|1/3|2|0|2d|c,d|i,j|a=b"
            ),
            ("apps", "ReplicaSet", #"{\#(meta()),"spec":{"replicas":2}}"#, "x|2|0|0|2d|||<none>"),
            (
                "apps", "DaemonSet", #"{\#(meta()),"status":{"desiredNumberScheduled":3,"numberReady":2}}"#,
                "x|3|0|2|0|0|<none>|2d|||<none>"
            ),
            ("apps", "StatefulSet", #"{\#(meta()),"spec":{"replicas":2}}"#, "x|0/2|2d||"),
            (
                "batch", "Job",
                #"{\#(meta()),"spec":{"completions":2},"status":{"succeeded":1,"startTime":"2025-12-31T23:00:00Z"}}"#,
                "x|Running|1/2|60m|2d|||<none>"
            ),
            (
                "batch", "Job",
                #"{\#(meta()),"spec":{"parallelism":3},"status":{"conditions":[{"type":"Complete","status":"True"}],"startTime":"2025-12-31T23:00:00Z","completionTime":"2025-12-31T23:00:30Z"}}"#,
                "x|Complete|0/1 of 3|30s|2d|||<none>"
            ),
            (
                "batch", "CronJob", #"{\#(meta()),"spec":{"schedule":"* * * * *","suspend":false}}"#,
                "x|* * * * *|<none>|False|0|<none>|2d|||<none>"
            ),
            (
                "policy", "PodDisruptionBudget",
                #"{\#(meta()),"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":1}}"#, "x|50%|N/A|1|2d"
            ),
            ("", "Secret", #"{\#(meta()),"type":"Opaque","data":{"a":"","b":""}}"#, "x|Opaque|2|2d"),
            ("", "ConfigMap", #"{\#(meta()),"data":{"a":""},"binaryData":{"b":""}}"#, "x|2|2d"),
            ("", "ServiceAccount", "{\(meta())}", "x|2d"),
            ("", "Namespace", #"{\#(meta()),"status":{"phase":"Active"}}"#, "x|Active|2d"),
            (
                "", "PersistentVolumeClaim",
                #"{\#(meta()),"spec":{"volumeName":"v","storageClassName":"s"},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"]}}"#,
                "x|Bound|v|1Gi|RWO,RWX|s|<unset>|2d|<unset>"
            ),
            (
                "", "PersistentVolume",
                #"{\#(meta()),"spec":{"capacity":{"storage":"1Gi"},"claimRef":{"namespace":"n","name":"c"},"persistentVolumeReclaimPolicy":"Retain"},"status":{"phase":"Available"}}"#,
                "x|1Gi||Retain|Available|n/c||<unset>||2d|<unset>"
            ),
            (
                "storage.k8s.io", "StorageClass",
                #"{\#(meta(#","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}"#)),"provisioner":"p"}"#,
                "x (default)|p|Delete|Immediate|false|2d"
            ),
            (
                "rbac.authorization.k8s.io", "RoleBinding",
                #"{\#(meta()),"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","namespace":"n","name":"s"}]}"#,
                "x|Role/r|2d|u||n/s"
            ),
            ("rbac.authorization.k8s.io", "ClusterRole", "{\(meta())}", "x|2025-12-30T00:00:00Z"),
            (
                "networking.k8s.io", "Ingress",
                #"{\#(meta()),"spec":{"rules":[{"host":"a"},{"host":"b"},{"host":"c"},{"host":"d"}],"tls":[{}]}}"#,
                "x|<none>|a,b,c + 1 more...||80, 443|2d"
            ),
            ("networking.k8s.io", "NetworkPolicy", #"{\#(meta()),"spec":{"podSelector":{}}}"#, "x|<none>|2d"),
            (
                "networking.k8s.io", "IPAddress",
                #"{\#(meta()),"spec":{"parentRef":{"group":"","resource":"services","namespace":"default","name":"kubernetes"}}}"#,
                "x|services/default/kubernetes"
            ),
            (
                "networking.k8s.io", "ServiceCIDR", #"{\#(meta()),"spec":{"cidrs":["10.96.0.0/12","fd00::/108"]}}"#,
                "x|10.96.0.0/12,fd00::/108|2d"
            ),
            ("coordination.k8s.io", "Lease", #"{\#(meta()),"spec":{"holderIdentity":"h"}}"#, "x|h|2d"),
            (
                "certificates.k8s.io", "CertificateSigningRequest",
                #"{\#(meta()),"spec":{"signerName":"s","username":"u","expirationSeconds":3600},"status":{"certificate":"YQ==","conditions":[{"type":"Approved"}]}}"#,
                "x|2d|s|u|60m|Approved,Issued"
            ),
            (
                "", "ResourceQuota",
                #"{\#(meta()),"status":{"hard":{"pods":"4","limits.cpu":"2"},"used":{"pods":"1"}}}"#,
                "x|pods: 1/4|limits.cpu: 0/2|2d"
            ),
            (
                "", "Event",
                #"{\#(meta()),"type":"Normal","reason":"R","involvedObject":{"kind":"Pod","name":"p"},"message":" m\n","source":{"component":"kubelet","host":"n"},"firstTimestamp":"2025-12-31T23:00:00Z","lastTimestamp":"2025-12-31T23:59:50Z","count":3}"#,
                "10s|Normal|R|pod/p||kubelet, n|m|60m|3|x"
            ),
            (
                "events.k8s.io", "Event",
                #"{\#(meta()),"regarding":{"kind":"Pod"},"note":"n","eventTime":"2025-12-31T23:59:00.000000Z","reportingController":"c"}"#,
                "60s|||pod||c|n|60s|1|x"
            ),
            (
                "autoscaling", "HorizontalPodAutoscaler",
                #"{\#(meta()),"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":80}}},{"type":"Pods","pods":{"target":{"averageValue":"10"}}}]},"status":{"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":7}}}]}}"#,
                "x|Deployment/d|cpu: 7%/80%, <unknown>/10|<unset>|5|0|2d"
            ),
            ("scheduling.k8s.io", "PriorityClass", #"{\#(meta()),"value":7}"#, "x|7|false|2d|<unset>"),
        ])
    func kinds(group: String, kind: String, json: String, expected: String) throws {
        #expect(try Self.cells(group, kind, json) == expected)
    }

    @Test("Every kind that the server has gives as many cells as columns, for an object that has nothing")
    func everyKind() throws {
        for resource in APICatalog.builtin.resources {
            let table = ResourceTable.of(GroupKind(group: resource.group, kind: resource.kind))
            #expect(table.cells([:], now: Self.now).count == table.columns.count, "\(resource.kind)")
            #expect(table.columns.allSatisfy { !$0.description.isEmpty })
        }
    }

    @Test("A table has columns and rows, and the rows what was asked for of their objects")
    func table() throws {
        let table = ResourceTable.of(GroupKind(group: "", kind: "Pod"))
        let pod = try JSONValue.parse(Self.pod(#"{"phase":"Succeeded"}"#))
        let json = table.table([pod], metadata: ["resourceVersion": "7"], including: .metadata, now: Self.now)
        #expect(json.member("kind")?.string == "Table")
        #expect(json.member(at: "metadata", "resourceVersion")?.string == "7")
        #expect(json.member("columnDefinitions")?.array?.first?.member("format")?.string == "name")
        #expect(json.member("columnDefinitions")?.array?.last?.member("priority")?.int == 1)
        let row = json.member("rows")?.array?.first
        #expect(row?.member("object")?.member("kind")?.string == "PartialObjectMetadata")
        #expect(row?.member("object")?.member("spec") == nil)
        #expect(row?.member("conditions")?.array?.first?.member("reason")?.string == "Succeeded")
        #expect(table.row(pod, including: .none, now: Self.now).member("object") == .null)
        #expect(table.row(pod, including: .object, now: Self.now).member("object") == pod)
        let later = table.table([pod], metadata: [:], including: .none, now: Self.now, describesColumns: false)
        #expect(later.member("columnDefinitions") == .null)
        let list = PartialMetadata.list([pod], metadata: [:])
        #expect(list.member("items")?.array?.first?.member("metadata")?.member("name")?.string == "p")
    }

    @Test(
        "Printer columns of custom resources",
        arguments: [
            (".spec.s", "string", "text"), (".spec.n", "integer", "7"), (".spec.f", "integer", "1"),
            (".spec.f", "number", "1.5"),
            (".spec.b", "boolean", "true"), (".spec.s", "integer", "null"), (".spec.none", "string", "null"),
            (".spec.n", "string", "7"),
            (".spec.l", "string", #"["a","b"]"#), (".spec.l[1]", "string", "b"), (".spec.l[*]", "string", "a"),
            (".spec.t", "date", "60s"), (".spec.s", "date", "<invalid>"), (".spec['a.b/c']", "string", "dotted"),
            (#".spec.a\.b/c"#, "string", "dotted"),
            (#".status.conditions[?(@.type=="Ready")].status"#, "string", "True"),
            (".broken[", "string", "null"),
        ])
    func custom(path: String, type: String, expected: String) throws {
        let columns = JSONValue.array([["name": "C", "type": .string(type), "jsonPath": .string(path), "priority": 1]])
        let table = ResourceTable.custom(columns)
        let object = try JSONValue.parse(
            #"{\#(Self.meta()),"spec":{"s":"text","n":7,"f":1.5,"b":true,"l":["a","b"],"t":"2025-12-31T23:59:00Z","a.b/c":"dotted"},"status":{"conditions":[{"type":"X","status":"False"},{"type":"Ready","status":"True"}]}}"#
        )
        let cell = table.cells(object, now: Self.now)[1]
        #expect((cell.string ?? cell.serialized()) == expected)
        #expect(table.columns[1].priority == 1)
    }

    @Test("A custom resource without printer columns shows its age")
    func customDefault() throws {
        let table = ResourceTable.custom(nil)
        #expect(table.columns.map(\.name) == ["Name", "Age"])
        #expect(table.cells(try JSONValue.parse("{\(Self.meta())}"), now: Self.now) == ["x", "2d"])
    }
}
