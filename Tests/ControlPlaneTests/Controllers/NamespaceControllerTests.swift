import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct NamespaceControllerTests {
    @Test("a cluster has its namespaces, labelled, each with the account and the authority that pods need")
    func system() throws {
        let cluster = try ClusterUnderTest { $0.rootCertificates = "PEM" }
        try cluster.run("authorities") { cluster.names(.configMaps).count == 5 }
        #expect(cluster.names(.namespaces) == ["default", "kube-node-lease", "kube-public", "kube-system"])
        for namespace in cluster.names(.namespaces) {
            let object = try #require(cluster.object(.namespaces, "", namespace))
            #expect(object.text("metadata", "labels", "kubernetes.io/metadata.name") == namespace)
            #expect(object.text("status", "phase") == "Active")
            #expect(object.texts("spec", "finalizers") == ["kubernetes"])
        }
        try cluster.modify(.configMaps, "default", "kube-root-ca.crt") { $0.set("other", at: "data", "ca.crt") }
        try cluster.run("repair") {
            cluster.object(.configMaps, "default", "kube-root-ca.crt")?.text("data", "ca.crt") == "PEM"
        }
        try cluster.delete(.serviceAccounts, "default", "default")
        try cluster.run("account") { cluster.exists(.serviceAccounts, "default", "default") }
    }

    @Test("other API servers learn whose clients to trust, and a front proxy's authority beside it is left alone")
    func extensions() throws {
        let cluster = try ClusterUnderTest { $0.rootCertificates = "PEM" }
        let name = "extension-apiserver-authentication"
        try cluster.run("authority") { cluster.exists(.configMaps, "kube-system", name) }
        try cluster.modify(.configMaps, "kube-system", name) {
            $0.set(["client-ca-file": "other", "requestheader-client-ca-file": "front"], at: "data")
        }
        try cluster.run("repair") {
            cluster.object(.configMaps, "kube-system", name)?.at("data")
                == ["client-ca-file": "PEM", "requestheader-client-ca-file": "front"]
        }
        try cluster.delete(.configMaps, "kube-system", name)
        try cluster.run("again") { cluster.exists(.configMaps, "kube-system", name) }
        #expect(!cluster.exists(.configMaps, "default", name))
    }

    @Test("a namespace goes with everything in it, pods first, and takes nothing new meanwhile")
    func deletion() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.namespaces, Sample.named("shop"))
        try cluster.run("account") { cluster.exists(.serviceAccounts, "shop", "default") }
        var pod = Sample.pod("held", namespace: "shop")
        pod.set(["example.org/hold"], at: "metadata", "finalizers")
        try cluster.create(.pods, pod)
        try cluster.create(.configMaps, Sample.configMap("settings", namespace: "shop"))
        let gone = try cluster.delete(.namespaces, "", "shop")
        #expect(gone.text("status", "phase") == "Terminating")

        let refusal = try #require(try cluster.refusal(.configMaps, Sample.configMap("late", namespace: "shop")))
        #expect(refusal.code == 403)
        #expect(
            refusal.message
                == "configmaps \"late\" is forbidden: unable to create new content in namespace shop because it is being terminated"
        )
        #expect(refusal.details?.causes.first?.reason == "NamespaceTerminating")

        try cluster.run("condition") {
            cluster.object(.namespaces, "", "shop")?.hasCondition("NamespaceFinalizersRemaining") == true
        }
        // The pod waits, and all else waits for the pod.
        #expect(cluster.exists(.configMaps, "shop", "settings"))
        try cluster.modify(.pods, "shop", "held") { $0.set(nil, at: "metadata", "finalizers") }
        try cluster.run("end") { !cluster.exists(.namespaces, "", "shop") }
        #expect(cluster.names(.configMaps, "shop").isEmpty && cluster.names(.serviceAccounts, "shop").isEmpty)
    }

    @Test("three namespaces stay for good, and nothing is made in one that is not there")
    func refusals() throws {
        let cluster = try ClusterUnderTest()
        for name in ["default", "kube-system", "kube-public"] {
            let type = try cluster.type(.namespaces)
            guard case .failure(let status) = try cluster.perform(.delete(type, namespace: "", name: name)) else {
                Issue.record("\(name) was deleted")
                continue
            }
            #expect(status.message == "namespaces \"\(name)\" is forbidden: this namespace may not be deleted")
        }
        let refusal = try #require(try cluster.refusal(.configMaps, Sample.configMap("a", namespace: "nowhere")))
        #expect(refusal.code == 404 && refusal.message == "namespaces \"nowhere\" not found")
    }
}
