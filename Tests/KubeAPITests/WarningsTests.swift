import JSON
import Testing

@testable import KubeAPI

@Suite struct WarningsTests {
    private func type(_ apiVersion: String, _ kind: String) throws -> ResourceType {
        let groupVersion = try #require(GroupVersion(apiVersion: apiVersion))
        return try #require(APICatalog.builtin.resource(of: GroupVersionKind(groupVersion, kind)))
    }

    private func warnings(_ text: String) throws -> [String] {
        let json = try JSONValue.parse(text)
        let type = try type(json.member("apiVersion")?.string ?? "", json.member("kind")?.string ?? "")
        let schema = try #require(type.schema)
        return Warnings.creating(Defaults.applied(to: try schema.decode(json).value, schema), type)
    }

    @Test(
        "a pod is warned of what is unwise in it",
        arguments: [
            (
                #""nodeSelector":{"beta.kubernetes.io/os":"linux"},"containers":[]"#,
                #"spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead"#
            ),
            (
                #""topologySpreadConstraints":[{"topologyKey":"beta.kubernetes.io/arch","labelSelector":{}}]"#,
                #"spec.topologySpreadConstraints[0].topologyKey: beta.kubernetes.io/arch is deprecated since v1.14; "#
                    + #"use "kubernetes.io/arch" instead"#
            ),
            (
                #""topologySpreadConstraints":[{"topologyKey":"zone"}]"#,
                "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod"
            ),
            (
                #""volumes":[{"name":"v","gitRepo":{"repository":"x"}}]"#,
                "spec.volumes[0].gitRepo: deprecated in v1.11"
            ),
            (
                #""hostAliases":[{"ip":"1.2.3.4"},{"ip":"1.2.3.4"}]"#,
                #"spec.hostAliases[1].ip: duplicate ip "1.2.3.4""#
            ),
            (#""imagePullSecrets":[{}]"#, #"spec.imagePullSecrets[0].name: invalid empty name """#),
            (
                #""containers":[{"name":"a","resources":{"limits":{"memory":"100m"}}}]"#,
                #"spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer"#
            ),
            (
                #""containers":[{"name":"a","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}]"#,
                #"spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply"#
            ),
            (
                #""terminationGracePeriodSeconds":-1"#,
                "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
            ),
            (
                #""affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"x"}]}}"#,
                "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: "
                    + "a null labelSelector results in matching no pod"
            ),
            (
                #""containers":[{"name":"a","ports":[{"containerPort":80}]},{"name":"b","ports":[{"containerPort":80,"hostPort":1}]}]"#,
                "spec.containers[1].ports[0]: overlapping port definition with spec.containers[0].ports[0]"
            ),
        ])
    func pod(spec: String, warning: String) throws {
        let pod = #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{\#(spec)}}"#
        let warnings = try warnings(pod)
        #expect(warnings.contains(warning), "\(warnings)")
    }

    @Test(
        "what is usual goes without a warning",
        arguments: [
            #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","env":[{"name":"A","value":"1"},{"name":"A","value":"$(A) 2"}],"ports":[{"containerPort":80},{"containerPort":80,"protocol":"UDP"}],"resources":{"limits":{"memory":"1Gi","cpu":"100m"}}}],"imagePullSecrets":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"clusterIP":"None","sessionAffinity":"None","ports":[{"port":80}]}}"#,
            #"{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"with.dot"},"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}"#,
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"with.dot"}}"#,
        ])
    func usual(object: String) throws {
        #expect(try warnings(object) == [])
    }

    @Test("a template is warned of under its own path, and again only when the specification has changed")
    func template() throws {
        let text =
            #"{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"c","generation":1},"spec":{"jobTemplate":{"spec":{"template":{"spec":{"nodeSelector":{"beta.kubernetes.io/arch":"arm"}}}}}}}"#
        let warning =
            "spec.jobTemplate.spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; "
            + #"use "kubernetes.io/arch" instead"#
        #expect(try warnings(text) == [warning])
        let old = try JSONValue.parse(text)
        var new = old
        let type = try type("batch/v1", "CronJob")
        #expect(Warnings.updating(new, from: old, type) == [])
        new.updateMember("metadata") { $0.setMember("generation", 2) }
        #expect(Warnings.updating(new, from: old, type) == [warning])
    }

    @Test("Services, Ingresses, names and whole resources")
    func others() throws {
        #expect(
            try warnings(
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"externalIPs":["1.2.3.4"],"externalName":"x"}}"#
            ) == [
                "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
                #"spec.externalName is ignored when spec.type is not "ExternalName""#,
            ])
        #expect(
            try warnings(
                #"{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"i","annotations":{"kubernetes.io/ingress.class":"x"}}}"#
            ) == [
                #"annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead"#
            ])
        let name = try warnings(#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a.b"}}"#)
        #expect(name.first?.hasPrefix("metadata.name: this is used in Pod names and hostnames, which can") == true)
        #expect(Warnings.deprecation(of: try type("v1", "Endpoints"))?.contains("deprecated in v1.33+") == true)
        #expect(Warnings.deprecation(of: try type("v1", "Service")) == nil)
    }
}
