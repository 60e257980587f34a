import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct PodResizeTests {
    @Test("a resize changes amounts of cpu and memory, and nothing else")
    func resize() throws {
        let cluster = try ClusterUnderTest()
        let resources: JSONValue = ["requests": ["cpu": "100m", "memory": "1Mi"], "limits": ["memory": "2Mi"]]
        let spec: JSONValue = [
            "containers": [["name": "c", "image": "i", "resources": resources]],
            "initContainers": [["name": "first", "image": "i", "resources": ["requests": ["cpu": "1m"]]]],
        ]
        try cluster.create(.pods, Sample.pod("p", spec))
        let resize = { (list: String, resources: JSONValue) throws -> APIStatus? in
            let type = try cluster.type(.pods)
            let body = { (pod: inout JSONValue) throws(APIStatus) -> Bool in
                var containers = pod.list("spec", list)
                containers[0].set(resources, at: "resources")
                pod.set(.array(containers), at: "spec", list)
                pod.set("other", at: "spec", "schedulerName")
                return true
            }
            let write = ClusterWrite.modify(type, subresource: "resize", namespace: "default", name: "p", body)
            if case .failure(let status) = try cluster.perform(write) { return status }
            return nil
        }
        let more: JSONValue = ["requests": ["cpu": "200m", "memory": "1Mi"], "limits": ["memory": "3Mi"]]
        #expect(try resize("containers", more) == nil)
        let pod = try #require(cluster.object(.pods, "default", "p"))
        #expect(pod.list("spec", "containers").first?.text("resources", "requests", "cpu") == "200m")
        #expect(pod.text("spec", "schedulerName") == "default-scheduler")
        let cases: [(String, JSONValue, String)] = [
            (
                "containers", ["requests": ["memory": "1Mi"], "limits": ["memory": "3Mi"]],
                "resource requests cannot be removed"
            ),
            ("containers", ["requests": ["cpu": "1m", "memory": "1Mi"]], "resource limits cannot be removed"),
            (
                "containers", ["requests": ["cpu": "1", "memory": "4Mi"], "limits": ["memory": "3Mi"]],
                "must be less than or equal to memory limit of 3Mi"
            ),
            (
                "initContainers", ["requests": ["cpu": "2m", "ephemeral-storage": "1"]],
                "only cpu and memory resources for init or sidecar containers are mutable"
            ),
        ]
        for (list, resources, message) in cases {
            let status = try resize(list, resources)
            #expect(status?.code == 422 && status?.message.contains(message) == true, "\(message)")
        }
    }
}
