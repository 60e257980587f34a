import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct LimitRangerTests {
    private func pod(_ resources: String) throws -> JSONValue {
        Sample.pod("web", ["containers": [["name": "c", "image": "i", "resources": try .parse(resources)]]])
    }

    private func limitRange(_ limits: String) throws -> JSONValue {
        ["metadata": ["name": "limits", "namespace": "default"], "spec": ["limits": try .parse(limits)]]
    }

    @Test("containers get what they do not say, and the pod says so")
    func defaults() throws {
        let rules = LimitRangeRules(
            try limitRange(
                #"[{"type":"Container","default":{"cpu":"1","memory":"1Gi"},"defaultRequest":{"cpu":"100m"}}]"#))
        var pod = try pod(#"{"requests":{"memory":"10Mi"},"limits":{"cpu":"2"}}"#)
        rules.complete(&pod)
        let container = try #require(pod.list("spec", "containers").first)
        #expect(container.text("resources", "requests", "cpu") == "100m")
        #expect(container.text("resources", "limits", "cpu") == "2")
        #expect(container.text("resources", "limits", "memory") == "1Gi")
        #expect(
            pod.text("metadata", "annotations", "kubernetes.io/limit-ranger")
                == "LimitRanger plugin set: cpu request for container c; memory limit for container c")
    }

    @Test(
        "bounds are kept",
        arguments: [
            (#"{"requests":{"cpu":"200m"},"limits":{"cpu":"500m"}}"#, []),
            (
                #"{"requests":{"cpu":"50m"},"limits":{"cpu":"500m"}}"#,
                [
                    "minimum cpu usage per Container is 100m, but request is 50m",
                    "cpu max limit to request ratio per Container is 4, but provided ratio is 10.000000",
                ]
            ),
            (
                #"{"requests":{"cpu":"1"},"limits":{"cpu":"2"}}"#,
                ["maximum cpu usage per Container is 1, but limit is 2"]
            ),
            (
                #"{"requests":{"cpu":"1"}}"#,
                [
                    "maximum cpu usage per Container is 1.  No limit is specified",
                    "cpu max limit to request ratio per Container is 4, but no limit is specified or limit is 0",
                ]
            ),
            (
                #"{}"#,
                [
                    "minimum cpu usage per Container is 100m.  No request is specified",
                    "maximum cpu usage per Container is 1.  No limit is specified",
                    "cpu max limit to request ratio per Container is 4, but no request is specified or request is 0",
                ]
            ),
        ] as [(String, [String])])
    func bounds(resources: String, problems: [String]) throws {
        let rules = LimitRangeRules(
            try limitRange(
                #"[{"type":"Container","min":{"cpu":"100m"},"max":{"cpu":"1"},"maxLimitRequestRatio":{"cpu":"4"}}]"#))
        #expect(rules.problems(pod: try pod(resources)) == problems)
    }

    @Test("a pod takes the sum of its containers, or what one of its init containers takes")
    func podAmounts() throws {
        let pod = Sample.pod(
            "web",
            [
                "containers": [
                    ["name": "a", "resources": ["requests": ["cpu": "1"]]],
                    ["name": "b", "resources": ["requests": ["cpu": "500m"]]],
                ],
                "initContainers": [
                    ["name": "i", "resources": ["requests": ["cpu": "2", "memory": "1Gi"]]],
                    ["name": "s", "restartPolicy": "Always", "resources": ["requests": ["cpu": "1"]]],
                ],
                "overhead": ["cpu": "100m"],
            ])
        #expect(PodAmounts.of(pod, .requests).text == "cpu=2600m,memory=1Gi")
        #expect(PodAmounts.of(pod, .requests, withOverhead: false).text == "cpu=2500m,memory=1Gi")
    }

    @Test("the server refuses what is out of bounds")
    func refused() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.limitRanges, try limitRange(#"[{"type":"Pod","max":{"cpu":"1"}}]"#))
        let status = try #require(
            try cluster.refusal(.pods, try pod(#"{"requests":{"cpu":"2"},"limits":{"cpu":"2"}}"#)))
        #expect(
            status.message == "pods \"web\" is forbidden: maximum cpu usage per Pod is 1, but limit is 2")
    }
}

@Suite struct ResourceQuotaTests {
    private func quota(_ hard: JSONValue, _ more: JSONValue = [:]) -> JSONValue {
        var quota: JSONValue = ["metadata": ["name": "quota", "namespace": "default"], "spec": ["hard": hard]]
        for member in more.pairs() { quota.set(member.value, at: "spec", member.key) }
        return quota
    }

    private func used(_ cluster: ClusterUnderTest, _ name: String) -> String {
        cluster.object(.resourceQuotas, "default", "quota")?.text("status", "used", name) ?? ""
    }

    @Test("what is made is booked at once, what is refused is not, and what goes is given back")
    func counts() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.configMaps, Sample.configMap("present"))
        try cluster.create(.resourceQuotas, quota(["configmaps": "2", "count/secrets": "1"]))
        try cluster.run("count") { self.used(cluster, "configmaps") == "1" }
        try cluster.create(.configMaps, Sample.configMap("second"))
        #expect(used(cluster, "configmaps") == "2")
        let status = try #require(try cluster.refusal(.configMaps, Sample.configMap("third")))
        #expect(
            status.message
                == "configmaps \"third\" is forbidden: exceeded quota: quota, requested: configmaps=1, used: configmaps=2, limited: configmaps=2"
        )
        try cluster.delete(.configMaps, "default", "second")
        try cluster.run("count") { self.used(cluster, "configmaps") == "1" }
        try cluster.create(.configMaps, Sample.configMap("third"))
    }

    @Test("pods count by their requests, must say what is counted, and stop counting when they end")
    func pods() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.resourceQuotas, quota(["pods": "5", "requests.cpu": "1"]))
        try cluster.run("count") { self.used(cluster, "pods") == "0" }
        let silent = try #require(try cluster.refusal(.pods, Sample.pod("silent")))
        #expect(silent.message == "pods \"silent\" is forbidden: failed quota: quota: must specify requests.cpu for: c")
        let resources: JSONValue = ["requests": ["cpu": "600m"]]
        let spec: JSONValue = ["containers": [["name": "c", "image": "i", "resources": resources]]]
        try cluster.create(.pods, Sample.pod("a", spec))
        #expect(used(cluster, "requests.cpu") == "600m")
        let status = try #require(try cluster.refusal(.pods, Sample.pod("b", spec)))
        #expect(
            status.message
                == "pods \"b\" is forbidden: exceeded quota: quota, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1"
        )
        try cluster.modify(.pods, "default", "a", part: "status") { $0.set("Succeeded", at: "status", "phase") }
        try cluster.run("count") { self.used(cluster, "requests.cpu") == "0" }
        try cluster.create(.pods, Sample.pod("b", spec))
    }

    @Test(
        "scopes leave pods out",
        arguments: [
            (["BestEffort"], true), (["NotBestEffort"], false), (["Terminating"], false), (["NotTerminating"], true),
            (["BestEffort", "NotTerminating"], true), (["BestEffort", "Terminating"], false),
        ])
    func scopes(scopes: [String], isCounted: Bool) {
        let book = QuotaBook(quota(["pods": "1"], ["scopes": .texts(scopes)]))
        let type = APICatalog.builtin.resource(GroupVersion(group: "", version: "v1"), "pods")
        #expect(type.map { book.usage(of: Sample.pod("a"), $0).isEmpty } == !isCounted)
    }

    @Test("many writes at once never exceed a quota, through two servers")
    func concurrent() throws {
        let shared = SharedStore()
        let first = try ClusterUnderTest(store: shared.view(), isShared: true)
        try first.create(.resourceQuotas, quota(["count/configmaps": "10"]))
        try first.run("count") { self.used(first, "count/configmaps") == "0" }
        let second = try ClusterUnderTest(
            store: shared.view(), isShared: true, loop: first.loop, runsControllers: false)
        let type = try first.type(.configMaps)
        var answers = 0
        var made = 0
        for index in 0..<30 {
            let server = index.isMultiple(of: 2) ? first.server : second.server
            server.perform(.create(type, Sample.configMap("c\(index)")), as: .apiServer) { result in
                answers += 1
                if case .success = result { made += 1 }
            }
        }
        try first.run("answers") { answers == 30 }
        #expect(made <= 10)
        #expect(first.names(.configMaps, "default").count == made)
    }
}
