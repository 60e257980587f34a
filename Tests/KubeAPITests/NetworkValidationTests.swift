import JSON
import Testing

@testable import KubeAPI

@Suite struct NetworkValidationTests {
    @Test(
        "what the network's objects may not say is named as upstream names it",
        arguments: [
            (
                #"{"apiVersion":"v1","kind":"Service","spec":{"type":"ExternalName","externalName":"a","#
                    + #""ipFamilies":["IPv4"],"loadBalancerSourceRanges":[" 10.0.0.0/8 "]}}"#,
                [
                    "spec.ipFamilies: Forbidden: may not be set for ExternalName services",
                    "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
                ]
            ),
            (
                #"{"apiVersion":"v1","kind":"Endpoints","subsets":[{"addresses":[{"ip":"a"}]}]}"#,
                [
                    #"subsets[0].addresses[0].ip: Invalid value: "a": must be a valid IP address, (e.g. 10.9.8.7 or "#
                        + "2001:db8::ffff)",
                    #"subsets[0].addresses[0].ip: Invalid value: "a": must be a valid IP address"#,
                ]
            ),
            (
                #"{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"annotations":{"#
                    + #""kubernetes.io/ingress.class":"a"}},"spec":{"ingressClassName":"b","defaultBackend":{}}}"#,
                [
                    #"annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when "#
                        + "both are specified",
                    #"spec.defaultBackend: Invalid value: "": resource or service backend is required"#,
                ]
            ),
            (
                #"{"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","spec":{"controller":"A.b/c"}}"#,
                [
                    #"spec.controller: Invalid value: "A.b": a lowercase RFC 1123 subdomain must consist of lower case "#
                        + "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
                        + "(e.g. 'example.com', regex used for validation is "
                        + #"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#
                ]
            ),
            (
                #"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","spec":{"policyTypes":["X"],"#
                    + #""ingress":[{"ports":[{"endPort":2}]}]}}"#,
                [
                    "spec.ingress[0].ports[0].endPort: Invalid value: 2: may not be specified when `port` is not specified",
                    #"spec.policyTypes[0]: Unsupported value: "X": supported values: "Ingress", "Egress""#,
                ]
            ),
        ])
    func bad(text: String, causes: [String]) throws {
        #expect(try Checked.created(text) == causes)
    }

    @Test func `a range of service addresses gains a family and loses none`() throws {
        let range = #"{"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","spec":{"cidrs":["10.0.0.0/24"]}}"#
        func changed(_ ranges: JSONValue) throws -> [String] {
            try Checked.updated(range) { $0.updateMember("spec") { $0.setMember("cidrs", ranges) } }
        }
        #expect(try changed(["10.0.0.0/24", "fd00::/112"]) == [])
        #expect(
            try changed(["10.1.0.0/24"]) == [#"spec.cidrs[0]: Invalid value: "10.1.0.0/24": field is immutable"#])
    }
}
