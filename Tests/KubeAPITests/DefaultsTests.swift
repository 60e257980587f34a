import JSON
import TestSupport
import Testing

@testable import KubeAPI

@Suite struct DefaultsTests {
    private func defaulted(_ text: String) throws -> JSONValue {
        let json = try JSONValue.parse(text)
        let groupVersion = try #require(GroupVersion(apiVersion: json.member("apiVersion")?.string ?? ""))
        let kind = json.member("kind")?.string ?? ""
        let schema = try #require(APICatalog.builtin.schema(of: GroupVersionKind(groupVersion, kind)))
        return Defaults.applied(to: try schema.decode(json).value, schema)
    }

    @Test(
        "a spec gets upstream's defaults",
        arguments: [
            (
                #"{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":80}]}}"#,
                #"{"ports":[{"protocol":"TCP","port":80,"targetPort":80}],"type":"ClusterIP","sessionAffinity":"None","#
                    + #""internalTrafficPolicy":"Cluster"}"#
            ),
            (
                #"{"apiVersion":"v1","kind":"Service","spec":{"type":"LoadBalancer","sessionAffinity":"ClientIP"}}"#,
                #"{"type":"LoadBalancer","sessionAffinity":"ClientIP","externalTrafficPolicy":"Cluster","#
                    + #""sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}},"#
                    + #""allocateLoadBalancerNodePorts":true,"internalTrafficPolicy":"Cluster"}"#
            ),
            (
                #"{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"a","image":"r:5000/i"}]}}"#,
                #"{"containers":[{"name":"a","image":"r:5000/i","resources":{},"#
                    + #""terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","#
                    + #""imagePullPolicy":"Always"}],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"#
                    + #""dnsPolicy":"ClusterFirst","securityContext":{},"schedulerName":"default-scheduler","#
                    + #""enableServiceLinks":true}"#
            ),
            (
                #"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","spec":{"egress":[{}]}}"#,
                #"{"podSelector":{},"egress":[{}],"policyTypes":["Ingress","Egress"]}"#
            ),
            (
                #"{"apiVersion":"v1","kind":"Node","spec":{"podCIDR":"10.0.0.0/24"}}"#,
                #"{"podCIDR":"10.0.0.0/24","podCIDRs":["10.0.0.0/24"]}"#
            ),
        ])
    func specs(text: String, spec: String) throws {
        #expect(try defaulted(text).member("spec")?.serialized() == spec)
    }

    @Test func `a deployment rolls by a quarter`() throws {
        let spec = try defaulted(#"{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{}}}"#).member("spec")
        #expect(spec?.member("replicas") == 1)
        #expect(
            spec?.member("strategy")
                == ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": "25%", "maxSurge": "25%"]])
        #expect(spec?.member("progressDeadlineSeconds") == 600)
        #expect(spec?.member(at: "template", "spec", "enableServiceLinks") == nil)
    }

    @Test func `a stateful set that names how it is updated gets no block it did not write`() throws {
        func strategy(_ text: String) throws -> JSONValue? {
            let set = #"{"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"serviceName":"s","template":{}STRATEGY}}"#
            return try defaulted(set.replacing("STRATEGY", with: text)).member(at: "spec", "updateStrategy")
        }
        let whole: JSONValue = ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]]
        #expect(try strategy("") == whole)
        #expect(try strategy(#","updateStrategy":{"type":"RollingUpdate"}"#) == ["type": "RollingUpdate"])
        #expect(try strategy(#","updateStrategy":{"type":"RollingUpdate","rollingUpdate":{}}"#) == whole)
        #expect(try strategy(#","updateStrategy":{"type":"OnDelete"}"#) == ["type": "OnDelete"])
    }

    @Test(
        "an image that may change under its name is always pulled",
        arguments: [
            ("i", "Always"), ("i:latest", "Always"), ("i:1", "IfNotPresent"), ("r:5000/i", "Always"),
            ("r:5000/i:1", "IfNotPresent"), ("i:latest@sha256:a", "Always"), ("i@sha256:a", "IfNotPresent"),
            ("i:1@sha256:a", "IfNotPresent"),
        ])
    func pullPolicy(image: String, policy: String) throws {
        let pod =
            #"{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"a","image":"IMAGE"}],"#
            + #""volumes":[{"name":"v","image":{"reference":"IMAGE"}}]}}"#
        let spec = try defaulted(pod.replacing("IMAGE", with: image)).member("spec")
        #expect(spec?.member("containers")?.array?.first?.member("imagePullPolicy")?.string == policy)
        #expect(spec?.member("volumes")?.array?.first?.member(at: "image", "pullPolicy")?.string == policy)
    }

    @Test func `a job says that its selector is made for it`() throws {
        let job = try defaulted(#"{"apiVersion":"batch/v1","kind":"Job","spec":{"template":{}}}"#)
        #expect(job.member(at: "spec", "manualSelector") == false)
    }

    @Test func `a secret's text becomes its data`() throws {
        let secret = try defaulted(
            #"{"apiVersion":"v1","kind":"Secret","data":{"a":"MQ=="},"stringData":{"a":"2","b":"x"}}"#)
        #expect(secret.member("data") == ["a": "Mg==", "b": "eA=="])
        #expect(secret.member("stringData") == nil)
        #expect(secret.member("type") == "Opaque")
    }

    @Test func `an object that has its defaults stays as it is`() throws {
        var random = SeededGenerator(seed: 13)
        for resource in APICatalog.builtin.resources where resource.verbs.contains(.get) {
            let schema = try #require(resource.schema)
            for _ in 0..<4 {
                let once = Defaults.applied(to: schema.randomValue(depth: 5, using: &random), schema)
                #expect(Defaults.applied(to: once, schema) == once, "\(resource.gvk)")
                #expect(try schema.decode(once).value == once, "\(resource.gvk)")
            }
        }
    }
}
