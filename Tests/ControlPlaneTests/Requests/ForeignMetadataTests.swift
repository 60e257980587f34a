import JSON
import KubeAPI
import Testing

@testable import ControlPlane

/// Objects whose metadata are those of another one, or of one that was.
@Suite struct ForeignMetadataTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"

    @Test("what has a version is no new object")
    func versioned() throws {
        let cluster = try ClusterUnderTest()
        let answer = try cluster.request("POST", Self.maps, #"{"metadata":{"name":"m","resourceVersion":"5"}}"#)
        #expect(answer.code == 500 && answer.body.at("reason") == nil)
        #expect(answer.message == "resourceVersion should not be set on objects to be created")
        #expect(try cluster.request("POST", Self.maps, #"{"metadata":{"name":"m","resourceVersion":"0"}}"#).code == 201)
    }

    @Test(
        "no write moves an object to another namespace",
        arguments: [
            ("POST", "", "application/json"), ("PUT", "/there", "application/json"),
            ("PATCH", "/there", "application/merge-patch+json"),
            ("PATCH", "/there", "application/strategic-merge-patch+json"),
            ("PATCH", "/there?fieldManager=x", "application/apply-patch+yaml"),
        ])
    func namespace(method: String, path: String, type: String) throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.configMaps, Sample.configMap("there"))
        let body = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"there","namespace":"other"}}"#
        let answer = try cluster.request(method, Self.maps + path, body, type: type)
        #expect(
            answer.code == 400
                && answer.message
                    == "the namespace of the provided object does not match the namespace sent on the request"
        )
    }

    @Test("who applies says nothing of who owns what", arguments: ["[]", #"[{"manager":"x","operation":"Apply"}]"#])
    func owners(managedFields: String) throws {
        let cluster = try ClusterUnderTest()
        let body =
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","managedFields":\#(managedFields)}}"#
        let answer = try cluster.request(
            "PATCH", Self.maps + "/m?fieldManager=x", body, type: "application/apply-patch+yaml")
        #expect(answer.code == 400 && answer.message == "metadata.managedFields must be nil")
    }

    @Test("a namespace's finalizers are names, through their own path too")
    func finalizers() throws {
        let cluster = try ClusterUnderTest()
        let body = #"{"metadata":{"name":"default"},"spec":{"finalizers":["nothing"]}}"#
        let answer = try cluster.request("PUT", "/api/v1/namespaces/default/finalize", body)
        #expect(
            answer.message
                == "Namespace \"default\" is invalid: spec.finalizers: Invalid value: \"nothing\": name is neither a "
                + "standard finalizer name nor is it fully qualified")
    }
}
