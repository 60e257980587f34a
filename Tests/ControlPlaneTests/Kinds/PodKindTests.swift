import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct PodKindTests {
    @Test(
        "the quality follows from requests and limits",
        arguments: [
            (#"[{}]"#, "BestEffort"),
            (#"[{"requests":{"cpu":"0"}}]"#, "BestEffort"),
            (#"[{"requests":{"cpu":"1"}}]"#, "Burstable"),
            (#"[{"limits":{"cpu":"1"},"requests":{"cpu":"1"}}]"#, "Burstable"),
            (#"[{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}}]"#, "Guaranteed"),
            (#"[{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1","memory":"1Gi"}},{}]"#, "Burstable"),
            (#"[{"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"1","memory":"1Gi"}}]"#, "Burstable"),
            (#"[{"requests":{"example.org/gpu":"1"}}]"#, "BestEffort"),
        ])
    func quality(resources: String, expected: String) throws {
        let list = try JSONValue.parse(resources).array ?? []
        let spec: JSONValue = ["containers": .array(list.map { ["resources": $0] })]
        #expect(PodQuality(spec: spec).rawValue == expected)
    }

    @Test("a new pod is pending, with its class, its account's token, its priority and its tolerations")
    func created() throws {
        let cluster = try ClusterUnderTest()
        let pod = try cluster.create(.pods, Sample.pod("web"))
        #expect(pod.text("status", "phase") == "Pending" && pod.text("status", "qosClass") == "BestEffort")
        #expect(pod.text("spec", "serviceAccountName") == "default" && pod.text("spec", "serviceAccount") == "default")
        let mount = try #require(pod.list("spec", "containers").first?.list("volumeMounts").first)
        let volume = try #require(pod.list("spec", "volumes").first)
        #expect(mount.text("mountPath") == "/var/run/secrets/kubernetes.io/serviceaccount")
        #expect(mount.text("name") == volume.text("name") && volume.text("name").hasPrefix("kube-api-access-"))
        #expect(volume.list("projected", "sources").first?.integer("serviceAccountToken", "expirationSeconds") == 3607)
        #expect(pod.at("spec", "priority")?.int == 0)
        #expect(pod.list("spec", "tolerations").map { $0.integer("tolerationSeconds") } == [300, 300])
        let refusal = try #require(try cluster.refusal(.pods, Sample.pod("other", ["serviceAccountName": "nobody"])))
        #expect(
            refusal.message
                == "pods \"other\" is forbidden: error looking up service account default/nobody: serviceaccount \"nobody\" not found"
        )
    }

    @Test("priorities come from classes, and from nowhere else")
    func priority() throws {
        let cluster = try ClusterUnderTest()
        var critical = Sample.pod("a", ["priorityClassName": "system-node-critical"])
        #expect(try cluster.create(.pods, critical).at("spec", "priority")?.int == 2_000_001_000)
        critical.set("b", at: "metadata", "name")
        critical.set(7, at: "spec", "priority")
        let refusal = try #require(try cluster.refusal(.pods, critical))
        #expect(refusal.message.contains("the integer value of priority (7) must not be provided in pod spec"))
        let unknown = try #require(try cluster.refusal(.pods, Sample.pod("c", ["priorityClassName": "none"])))
        #expect(unknown.message == "pods \"c\" is forbidden: no PriorityClass with name none was found")
        let standard: JSONValue = ["metadata": ["name": "standard"], "value": 5, "globalDefault": true]
        try cluster.create(.priorityClasses, standard)
        let pod = try cluster.create(.pods, Sample.pod("d"))
        #expect(pod.text("spec", "priorityClassName") == "standard" && pod.at("spec", "priority")?.int == 5)
        let second: JSONValue = ["metadata": ["name": "second"], "value": 6, "globalDefault": true]
        #expect(try cluster.refusal(.priorityClasses, second)?.message.contains("Only one default can exist") == true)
    }

    @Test("a binding names the node once")
    func binding() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.pods, Sample.pod("web"))
        let binding: JSONValue = ["metadata": ["name": "web"], "target": ["kind": "Node", "name": "n1"]]
        guard case .success = try cluster.act(.pods, "binding", "default", "web", binding) else {
            return #expect(Bool(false), "the first binding failed")
        }
        let pod = try #require(cluster.object(.pods, "default", "web"))
        #expect(pod.text("spec", "nodeName") == "n1" && pod.hasCondition("PodScheduled"))
        guard case .failure(let status) = try cluster.act(.pods, "binding", "default", "web", binding) else {
            return #expect(Bool(false), "the second binding succeeded")
        }
        #expect(status.code == 409)
        #expect(status.message.hasSuffix("pod web is already assigned to node \"n1\""))
    }

    @Test("a pod that no kubelet has goes at once; one that runs gets its grace")
    func deletion() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.pods, Sample.pod("a"))
        try cluster.delete(.pods, "default", "a")
        #expect(!cluster.exists(.pods, "default", "a"))
        try cluster.create(.pods, Sample.pod("b", ["nodeName": "n1", "terminationGracePeriodSeconds": 30]))
        let pod = try cluster.delete(.pods, "default", "b")
        #expect(pod.at("metadata", "deletionGracePeriodSeconds")?.int == 30)
        try cluster.delete(.pods, "default", "b", DeleteOptions(gracePeriodSeconds: 0))
        #expect(!cluster.exists(.pods, "default", "b"))
        // Longer than time is told.
        try cluster.create(.pods, Sample.pod("c", ["nodeName": "n1"]))
        let patient = try cluster.delete(.pods, "default", "c", DeleteOptions(gracePeriodSeconds: .max))
        #expect(patient.text("metadata", "deletionTimestamp") == "9999-12-31T23:59:59Z")
    }

    private func budget(_ allowed: Int, generation: Int = 1) -> JSONValue {
        [
            "metadata": ["name": "budget", "namespace": "default", "generation": .number(JSONNumber(generation))],
            "spec": ["selector": ["matchLabels": ["app": "web"]]],
            "status": [
                "observedGeneration": 1, "disruptionsAllowed": .number(JSONNumber(allowed)), "desiredHealthy": 2,
                "currentHealthy": .number(JSONNumber(2 + allowed)), "expectedPods": 3,
            ],
        ]
    }

    private func pod(_ phase: String, ready: Bool) -> JSONValue {
        [
            "metadata": ["name": "web", "namespace": "default"],
            "status": [
                "phase": .string(phase), "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
            ],
        ]
    }

    @Test(
        "an eviction asks the budget",
        arguments: [
            ("Running", true, 1, 1, "charged"), ("Running", true, 0, 1, "429"), ("Running", false, 0, 1, "free"),
            ("Pending", true, 0, 1, "free"), ("Succeeded", true, 0, 1, "free"), ("Running", true, 1, 2, "429"),
        ])
    func eviction(phase: String, ready: Bool, allowed: Int, generation: Int, expected: String) throws {
        let eviction = PodEviction(
            pod: pod(phase, ready: ready), budgets: [budget(allowed, generation: generation)],
            now: "2026-01-01T00:00:00Z")
        do throws(APIStatus) {
            switch try eviction.verdict() {
            case .free: #expect(expected == "free")
            case .charged(let budget):
                #expect(expected == "charged")
                #expect(budget.integer("status", "disruptionsAllowed") == allowed - 1)
                #expect(budget.at("status", "disruptedPods", "web") != nil)
            }
        } catch {
            #expect("\(error.code)" == expected)
            #expect(error.details?.causes.first?.reason == "DisruptionBudget")
        }
    }

    @Test("evicting through the server charges the budget and deletes the pod")
    func evicted() throws {
        let cluster = try ClusterUnderTest()
        var pod = Sample.pod("web", ["nodeName": "n1", "terminationGracePeriodSeconds": 30])
        pod.set(["app": "web"], at: "metadata", "labels")
        try cluster.create(.pods, pod)
        try cluster.modify(.pods, "default", "web", part: "status") {
            $0.set("Running", at: "status", "phase")
            $0.setCondition(["type": "Ready", "status": "True"], now: "2026-01-01T00:00:00Z")
        }
        try cluster.create(.podDisruptionBudgets, budget(1))
        let status = budget(1).at("status")
        try cluster.modify(.podDisruptionBudgets, "default", "budget", part: "status") { $0.set(status, at: "status") }
        let eviction: JSONValue = ["metadata": ["name": "web"]]
        guard case .success = try cluster.act(.pods, "eviction", "default", "web", eviction) else {
            return #expect(Bool(false), "the eviction failed")
        }
        let evicted = try #require(cluster.object(.pods, "default", "web"))
        #expect(evicted.at("metadata", "deletionTimestamp") != nil && evicted.hasCondition("DisruptionTarget"))
        let charged = try #require(cluster.object(.podDisruptionBudgets, "default", "budget"))
        #expect(
            charged.integer("status", "disruptionsAllowed") == 0 && charged.hasCondition("DisruptionAllowed", "False"))
    }
}

/// What admission and the server itself write into objects is no obstacle to their updates.
@Suite struct StoredFormTests {
    @Test("a pod's labels and images can be changed, and what changes nothing is no write")
    func pods() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.pods, Sample.pod("web"))
        let pod = try cluster.modify(.pods, "default", "web") { object in
            // As a client sends it: read and written by the schema.
            let schema = APICatalog.builtin.schema(of: GroupVersionKind(group: "", version: "v1", kind: "Pod"))
            object = (try? schema?.decode(object).value) ?? object
            object.set(["a": "b"], at: "metadata", "labels")
            var containers = object.list("spec", "containers")
            containers[0].set("other", at: "image")
            object.set(.array(containers), at: "spec", "containers")
        }
        #expect(pod.list("spec", "containers").first?.text("image") == "other")
        #expect(pod.text("metadata", "labels", "a") == "b")
        let revision = cluster.server.cache.revision
        try cluster.modify(.pods, "default", "web") { object in
            let schema = APICatalog.builtin.schema(of: GroupVersionKind(group: "", version: "v1", kind: "Pod"))
            object = (try? schema?.decode(object).value) ?? object
        }
        #expect(cluster.server.cache.object(.pods, "default/web").map { $0.revision <= revision } == true)
    }

    @Test("a pod with ephemeral containers can be changed like any other")
    func ephemeralContainers() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.pods, Sample.pod("web"))
        try cluster.modify(.pods, "default", "web", part: "ephemeralcontainers") {
            $0.set([["name": "debugger", "image": "i"]], at: "spec", "ephemeralContainers")
        }
        let pod = try cluster.modify(.pods, "default", "web") { object in
            let schema = APICatalog.builtin.schema(of: GroupVersionKind(group: "", version: "v1", kind: "Pod"))
            object = (try? schema?.decode(object).value) ?? object
            var containers = object.list("spec", "containers")
            containers[0].set("other", at: "image")
            object.set(.array(containers), at: "spec", "containers")
        }
        #expect(pod.list("spec", "ephemeralContainers").first?.text("name") == "debugger")
    }

    @Test("an address's labels can be changed")
    func addresses() throws {
        let cluster = try ClusterUnderTest()
        try cluster.modify(.ipAddresses, "", "10.96.0.1") { object in
            let kind = GroupVersionKind(group: "networking.k8s.io", version: "v1", kind: "IPAddress")
            object = (try? APICatalog.builtin.schema(of: kind)?.decode(object).value) ?? object
            object.set("b", at: "metadata", "labels", "a")
        }
        #expect(cluster.object(.ipAddresses, "", "10.96.0.1")?.text("metadata", "labels", "a") == "b")
    }
}
