import JSON
import KubeAPI
import Testing

@testable import ControlPlane

/// What the parameters of writes do, and that those that mean nothing are not passed over.
@Suite struct WriteOptionsTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"
    private static let map = #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"m"}}"#

    private static let strange = #"dryRun: Unsupported value: ["Some"]: supported values: "All""#

    @Test(
        "are refused in upstream's words, and nothing is written",
        arguments: [
            ("POST", maps + "?dryRun=Some", map, "CreateOptions", strange),
            ("PUT", maps + "/there?dryRun=Some", map, "UpdateOptions", strange),
            ("PATCH", maps + "/there?dryRun=Some", #"{"data":{"a":"b"}}"#, "PatchOptions", strange),
            ("DELETE", maps + "/there?dryRun=Some", "", "DeleteOptions", strange),
            ("DELETE", maps + "?dryRun=Some", "", "DeleteOptions", strange),
            ("DELETE", maps + "/there", #"{"dryRun":["Some"]}"#, "DeleteOptions", strange),
            ("POST", "/api/v1/namespaces/default/pods/p/binding?dryRun=Some", "{}", "CreateOptions", strange),
            (
                "POST", "/api/v1/namespaces/default/pods/p/eviction", #"{"deleteOptions":{"dryRun":["Some"]}}"#,
                "DeleteOptions", strange
            ),
            (
                "PATCH", maps + "/there?force=true", #"{"data":{"a":"b"}}"#, "PatchOptions",
                "force: Forbidden: may not be specified for non-apply patch"
            ),
            (
                "POST", maps + "?fieldValidation=Some", map, "CreateOptions",
                #"fieldValidation: Unsupported value: "Some": supported values: "", "Ignore", "Strict", "Warn""#
            ),
            (
                "DELETE", maps + "/there", #"{"propagationPolicy":"Orphan","orphanDependents":true}"#, "DeleteOptions",
                #"propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set"#
            ),
        ])
    func refused(method: String, path: String, body: String, kind: String, cause: String) throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.configMaps, Sample.configMap("there"))
        let before = cluster.server.cache.revision
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        let answer = try cluster.request(method, path, body, type: type)
        #expect(answer.code == 422 && answer.message == #"\#(kind).meta.k8s.io "" is invalid: \#(cause)"#)
        #expect(cluster.server.cache.revision == before)
    }

    @Test("everything that is wrong is said at once")
    func together() throws {
        let cluster = try ClusterUnderTest(runsControllers: false)
        let answer = try cluster.request(
            "PATCH", Self.maps + "/m?dryRun=x", Self.map, type: "application/apply-patch+yaml")
        let causes = answer.body.list("details", "causes").map { $0.text("field") }
        #expect(causes == ["fieldManager", "dryRun"])
    }

    @Test("an eviction that is only tried deletes nothing, wherever it says so")
    func eviction() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.pods, Sample.pod("p"))
        let path = "/api/v1/namespaces/default/pods/p/eviction"
        let inside = #"{"metadata":{"name":"p"},"deleteOptions":{"dryRun":["All"]}}"#
        #expect(try cluster.request("POST", path, inside).code == 201)
        #expect(try cluster.request("POST", path + "?dryRun=All", #"{"metadata":{"name":"p"}}"#).code == 201)
        #expect(try cluster.request("POST", path + "?dryRun=All", inside).code == 201)
        #expect(cluster.exists(.pods, "default", "p"))
        #expect(try cluster.request("POST", path, #"{"metadata":{"name":"p"}}"#).code == 201)
        #expect(!cluster.exists(.pods, "default", "p"))
    }

    @Test("who applies to a certain object does not get another one made")
    func absentObject() throws {
        let cluster = try ClusterUnderTest()
        let body = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","uid":"7"}}"#
        let answer = try cluster.request(
            "PATCH", Self.maps + "/m?fieldManager=x", body, type: "application/apply-patch+yaml")
        #expect(
            answer.code == 409
                && answer.message
                    == "Operation cannot be fulfilled on configmaps \"m\": uid mismatch: the provided object specified "
                    + "uid 7, and no existing object was found"
        )
        #expect(!cluster.exists(.configMaps, "default", "m"))
    }

    @Test("a collection is deleted as it was listed: by pages, of a version, with conditions")
    func collection() throws {
        let cluster = try ClusterUnderTest()
        let secrets = "/api/v1/namespaces/default/secrets"
        var revisions: [Int] = []
        for name in ["a", "b", "c"] {
            let secret = try cluster.create(.secrets, Sample.named(name, namespace: "default"))
            revisions.append(Int(secret.text("metadata", "resourceVersion")) ?? 0)
        }
        #expect(try cluster.request("DELETE", secrets + "?resourceVersionMatch=Exact").code == 422)
        #expect(try cluster.request("DELETE", secrets + "?dryRun=All").body.list("items").count == 3)
        #expect(cluster.names(.secrets, "default").count == 3)
        // As it was when there were two.
        _ = try cluster.request(
            "DELETE", secrets + "?resourceVersionMatch=Exact&resourceVersion=\(revisions[1])&limit=1")
        #expect(cluster.names(.secrets, "default") == ["b", "c"])
        let other = try cluster.request("DELETE", secrets, #"{"preconditions":{"uid":"x"}}"#)
        #expect(other.code == 409 && cluster.names(.secrets, "default") == ["b", "c"])
        _ = try cluster.request("DELETE", secrets + "?resourceVersionMatch=Exact&resourceVersion=\(revisions[1])")
        #expect(cluster.names(.secrets, "default") == ["c"])
    }

    @Test("containers that a resize puts into another order are found out, though merging knows them by name")
    func resizeOrder() throws {
        let cluster = try ClusterUnderTest()
        let containers: JSONValue = [["name": "a", "image": "i"], ["name": "b", "image": "i"]]
        try cluster.create(.pods, Sample.pod("p", ["containers": containers]))
        let answer = try cluster.request(
            "PATCH", "/api/v1/namespaces/default/pods/p/resize",
            #"{"spec":{"containers":[{"name":"b"},{"name":"a"}]}}"#, type: "application/strategic-merge-patch+json")
        #expect(
            answer.message
                == "Pod \"p\" is invalid: [spec.containers[0].name: Forbidden: containers may not be renamed or reordered"
                + " on resize, spec.containers[1].name: Forbidden: containers may not be renamed or reordered on resize]"
        )
    }
}
