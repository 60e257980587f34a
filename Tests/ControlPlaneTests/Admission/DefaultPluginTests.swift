import JSON
import KubeAPI
import Testing

@testable import ControlPlane

/// The plugins that upstream's server has on by default.
@Suite struct DefaultPluginTests {
    private func claim(_ name: String, _ spec: JSONValue = [:]) -> JSONValue {
        var spec = spec
        spec.set(["ReadWriteOnce"], at: "accessModes")
        if spec.at("resources") == nil { spec.set(["requests": ["storage": "1Gi"]], at: "resources") }
        return ["metadata": ["name": .string(name), "namespace": "default"], "spec": spec]
    }

    private func storageClass(_ name: String, isDefault: Bool, expands: Bool = false) -> JSONValue {
        var annotations: JSONValue = [:]
        if isDefault { annotations.set("true", at: "storageclass.kubernetes.io/is-default-class") }
        return [
            "metadata": ["name": .string(name), "annotations": annotations], "provisioner": "example.org/p",
            "allowVolumeExpansion": .bool(expands),
        ]
    }

    @Test("a claim without a class gets the default one; the empty class is a class")
    func storageClasses() throws {
        let cluster = try ClusterUnderTest()
        let none = try cluster.create(.persistentVolumeClaims, claim("none"))
        #expect(none.at("spec", "storageClassName") == nil)
        try cluster.create(.storageClasses, storageClass("slow", isDefault: false))
        try cluster.create(.storageClasses, storageClass("fast", isDefault: true))
        let given = try cluster.create(.persistentVolumeClaims, claim("given"))
        #expect(given.text("spec", "storageClassName") == "fast")
        let chosen = try cluster.create(.persistentVolumeClaims, claim("chosen", ["storageClassName": "slow"]))
        #expect(chosen.text("spec", "storageClassName") == "slow")
        let empty = try cluster.create(.persistentVolumeClaims, claim("empty", ["storageClassName": ""]))
        #expect(empty.at("spec", "storageClassName") == "")
    }

    @Test("an Ingress without a class gets the default one")
    func ingressClasses() throws {
        let cluster = try ClusterUnderTest()
        let annotations: JSONValue = ["ingressclass.kubernetes.io/is-default-class": "true"]
        try cluster.create(
            .ingressClasses,
            ["metadata": ["name": "web", "annotations": annotations], "spec": ["controller": "example.org/c"]])
        func ingress(_ name: String, _ annotations: JSONValue = [:]) -> JSONValue {
            [
                "metadata": ["name": .string(name), "namespace": "default", "annotations": annotations],
                "spec": ["defaultBackend": ["service": ["name": "s", "port": ["number": 80]]]],
            ]
        }
        #expect(try cluster.create(.ingresses, ingress("a")).text("spec", "ingressClassName") == "web")
        let old = try cluster.create(.ingresses, ingress("b", ["kubernetes.io/ingress.class": "other"]))
        #expect(old.at("spec", "ingressClassName") == nil)
    }

    @Test("a claim stays while a pod on a node uses it, a volume while it is bound")
    func protection() throws {
        let cluster = try ClusterUnderTest()
        let made = try cluster.create(.persistentVolumeClaims, claim("data"))
        #expect(made.texts("metadata", "finalizers") == ["kubernetes.io/pvc-protection"])
        let volumes: JSONValue = [["name": "v", "persistentVolumeClaim": ["claimName": "data"]]]
        try cluster.create(.pods, Sample.pod("waiting", ["volumes": volumes]))
        try cluster.create(.pods, Sample.pod("running", ["volumes": volumes, "nodeName": "n1"]))
        try cluster.delete(.persistentVolumeClaims, "default", "data")
        // Another claim's end has passed through the same queue: this one has been looked at.
        try cluster.create(.persistentVolumeClaims, claim("unused"))
        try cluster.delete(.persistentVolumeClaims, "default", "unused")
        try cluster.run("unused claim's end") { !cluster.exists(.persistentVolumeClaims, "default", "unused") }
        #expect(cluster.object(.persistentVolumeClaims, "default", "data")?.at("metadata", "deletionTimestamp") != nil)
        try cluster.delete(.pods, "default", "running", DeleteOptions(gracePeriodSeconds: 0))
        try cluster.run("claim's end") { !cluster.exists(.persistentVolumeClaims, "default", "data") }

        let volume: JSONValue = [
            "metadata": ["name": "pv"],
            "spec": [
                "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteOnce"], "hostPath": ["path": "/x"],
            ],
        ]
        try cluster.create(.persistentVolumes, volume)
        try cluster.modify(.persistentVolumes, "", "pv", part: "status") { $0.set("Bound", at: "status", "phase") }
        try cluster.delete(.persistentVolumes, "", "pv")
        #expect(cluster.exists(.persistentVolumes, "", "pv"))
        try cluster.modify(.persistentVolumes, "", "pv", part: "status") { $0.set("Released", at: "status", "phase") }
        try cluster.run("volume's end") { !cluster.exists(.persistentVolumes, "", "pv") }
    }

    @Test("a claim grows only when it is bound and its class can")
    func growth() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.storageClasses, storageClass("fixed", isDefault: false))
        try cluster.create(.storageClasses, storageClass("elastic", isDefault: false, expands: true))
        for name in ["fixed", "elastic"] {
            try cluster.create(.persistentVolumeClaims, claim(name, ["storageClassName": .string(name)]))
        }
        let grow = { (name: String) throws -> String in
            let type = try cluster.type(.persistentVolumeClaims)
            let body = { (object: inout JSONValue) throws(APIStatus) -> Bool in
                object.set("2Gi", at: "spec", "resources", "requests", "storage")
                return true
            }
            switch try cluster.perform(.modify(type, namespace: "default", name: name, body)) {
            case .success(let object): return object.text("spec", "resources", "requests", "storage")
            case .failure(let status): return status.message
            }
        }
        #expect(try grow("elastic").contains("spec is immutable after creation except resources.requests"))
        for name in ["fixed", "elastic"] {
            try cluster.modify(.persistentVolumeClaims, "default", name) {
                $0.set(.string("pv-\(name)"), at: "spec", "volumeName")
            }
        }
        #expect(try grow("elastic").contains("spec is immutable after creation except resources.requests"))
        for name in ["fixed", "elastic"] {
            try cluster.modify(.persistentVolumeClaims, "default", name, part: "status") {
                $0.set("Bound", at: "status", "phase")
            }
        }
        #expect(try grow("fixed").contains("the storageclass that provisions the pvc must support resize"))
        #expect(try grow("elastic") == "2Gi")
    }

    @Test("a pod gets its RuntimeClass' overhead and place, or none at all")
    func runtimeClasses() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(
            .runtimeClasses,
            [
                "metadata": ["name": "vm"], "handler": "vm", "overhead": ["podFixed": ["cpu": "250m"]],
                "scheduling": ["nodeSelector": ["vm": "yes"], "tolerations": [["key": "vm", "operator": "Exists"]]],
            ])
        let pod = try cluster.create(.pods, Sample.pod("a", ["runtimeClassName": "vm"]))
        #expect(pod.at("spec", "overhead") == ["cpu": "250m"])
        #expect(pod.text("spec", "nodeSelector", "vm") == "yes")
        #expect(pod.list("spec", "tolerations").contains { $0.text("key") == "vm" })
        let cases: [(JSONValue, String)] = [
            (["runtimeClassName": "none"], "pod rejected: RuntimeClass \"none\" not found"),
            (
                ["runtimeClassName": "vm", "overhead": ["cpu": "1"]],
                "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
            ),
            (
                ["overhead": ["cpu": "1"]],
                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
            ),
            (
                ["runtimeClassName": "vm", "nodeSelector": ["vm": "no"]],
                "conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no"
            ),
        ]
        for (spec, message) in cases {
            let refusal = try cluster.refusal(.pods, Sample.pod("b", spec))
            #expect(refusal?.code == 403 && refusal?.message.contains(message) == true)
        }
    }

    @Test("a new node takes no pods until it is ready, and its conditions are its taints")
    func nodeTaints() throws {
        let cluster = try ClusterUnderTest()
        let taints = { cluster.object(.nodes, "", "n")?.list("spec", "taints").map { $0.text("key") } ?? [] }
        let made = try cluster.create(
            .nodes,
            [
                "metadata": ["name": "n"], "spec": ["taints": [["key": "own", "effect": "NoSchedule"]]],
                "status": ["conditions": [["type": "Ready", "status": "False"]]],
            ])
        #expect(made.list("spec", "taints").map { $0.text("key") } == ["own", "node.kubernetes.io/not-ready"])
        try cluster.modify(.nodes, "", "n", part: "status") {
            let conditions: JSONValue = [
                ["type": "Ready", "status": "True"], ["type": "DiskPressure", "status": "True"],
            ]
            $0.set(conditions, at: "status", "conditions")
        }
        try cluster.run("taints") { taints() == ["own", "node.kubernetes.io/disk-pressure"] }
        try cluster.modify(.nodes, "", "n") { $0.set(true, at: "spec", "unschedulable") }
        try cluster.run("cordon") { taints().contains("node.kubernetes.io/unschedulable") }
        try cluster.modify(.nodes, "", "n", part: "status") {
            $0.set([["type": "Ready", "status": "Unknown"]], at: "status", "conditions")
        }
        try cluster.run("silence") {
            taints() == ["own", "node.kubernetes.io/unschedulable", "node.kubernetes.io/unreachable"]
        }
    }

    @Test("a pod that is bound says where its node lies")
    func topology() throws {
        let cluster = try ClusterUnderTest()
        let labels: JSONValue = ["topology.kubernetes.io/zone": "z1", "topology.kubernetes.io/rack": "r1"]
        try cluster.create(.nodes, ["metadata": ["name": "n1", "labels": labels]])
        try cluster.create(.pods, Sample.pod("p"))
        let body: JSONValue = ["target": ["kind": "Node", "name": "n1"]]
        _ = try cluster.act(.pods, "binding", "default", "p", body).get()
        let pod = try #require(cluster.object(.pods, "default", "p"))
        #expect(pod.at("metadata", "labels") == ["topology.kubernetes.io/zone": "z1"])
    }
}
