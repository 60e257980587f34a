import JSON
import KubeAPI
import Store
import Testing

@testable import ControlPlane

@Suite struct OtherKindTests {
    @Test("a request for a certificate says who asks, and is decided through its own path")
    func certificateSigningRequest() throws {
        let cluster = try ClusterUnderTest()
        let storage = StoragePrefix("certificatesigningrequests")
        let pem = "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n"
        let made = try cluster.create(
            storage,
            [
                "metadata": ["name": "r"],
                "spec": [
                    "request": .base64(pem.utf8), "signerName": "example.org/signer", "usages": ["client auth"],
                    "username": "somebody-else",
                ],
            ])
        #expect(made.text("spec", "username") == "system:apiserver")
        try cluster.modify(storage, "", "r") { $0.set(["Approved"], at: "status", "conditions") }
        #expect(cluster.object(storage, "", "r")?.list("status", "conditions").isEmpty == true)
        let approved = try cluster.modify(storage, "", "r", part: "approval") {
            $0.set([["type": "Approved", "reason": "Test", "status": "True"]], at: "status", "conditions")
            $0.set("a person", at: "metadata", "annotations", "by")
            $0.set("other", at: "spec", "signerName")
        }
        #expect(approved.hasCondition("Approved"))
        #expect(approved.text("metadata", "annotations", "by") == "a person")
        #expect(approved.text("spec", "signerName") == "example.org/signer")
        #expect(approved.condition("Approved")?.at("lastUpdateTime") != nil)
        // The signer cannot take it back.
        let signed = try cluster.modify(storage, "", "r", part: "status") {
            $0.set(nil, at: "status", "conditions")
            $0.set(.base64("cert".utf8), at: "status", "certificate")
        }
        #expect(signed.hasCondition("Approved"))
    }

    @Test("text of a Secret is stored with its data, a node keeps the status that it comes with")
    func secretsAndNodes() throws {
        let cluster = try ClusterUnderTest()
        let secret = try cluster.create(
            .secrets, ["metadata": ["name": "s", "namespace": "default"], "stringData": ["a": "text"]])
        #expect(secret.at("data", "a")?.base64Bytes == Array("text".utf8) && secret.at("stringData") == nil)
        let node = try cluster.create(.nodes, ["metadata": ["name": "n"], "status": ["nodeInfo": ["machineID": "m"]]])
        #expect(node.text("status", "nodeInfo", "machineID") == "m")
        let service = try cluster.create(.services, Sample.service("web", [:]))
        #expect(service.at("status", "loadBalancer") == [:])
    }

    @Test("events go after an hour")
    func events() throws {
        let store = MemoryObjectStore()
        let cluster = try ClusterUnderTest(store: store)
        let event: JSONValue = [
            "metadata": ["name": "e", "namespace": "default"], "reason": "Test", "type": "Normal",
            "involvedObject": ["kind": "Pod", "namespace": "default", "name": "p"],
        ]
        try cluster.create(.events, event)
        store.passTime(seconds: 3599)
        try cluster.run("event") { cluster.exists(.events, "default", "e") }
        store.passTime(seconds: 2)
        try cluster.run("end") { !cluster.exists(.events, "default", "e") }
    }

    @Test("dependents of a Job stay unless its deletion says otherwise")
    func orphans() throws {
        let cluster = try ClusterUnderTest()
        let template: JSONValue = [
            "spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i"]]]
        ]
        let job = try cluster.create(
            StoragePrefix("jobs"), ["metadata": ["name": "j", "namespace": "default"], "spec": ["template": template]])
        let uid = job.text("metadata", "uid")
        #expect(job.text("spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid") == uid)
        #expect(job.text("spec", "template", "metadata", "labels", "job-name") == "j")
        try cluster.create(.configMaps, Sample.configMap("child", owners: [Sample.owner(job)]))
        try cluster.delete(StoragePrefix("jobs"), "default", "j")
        try cluster.run("end") { !cluster.exists(StoragePrefix("jobs"), "default", "j") }
        #expect(cluster.object(.configMaps, "default", "child")?.at("metadata", "ownerReferences") == nil)
        #expect(cluster.exists(.configMaps, "default", "child"))
    }
}
