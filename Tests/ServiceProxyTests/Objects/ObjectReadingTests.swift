import KubeClient
import NFTables
import NetTypes
import ServiceProxy
import Testing

@Suite struct ObjectReadingTests {
    private func read<Content: Projection>(_ json: String) throws -> Content {
        try ReadObject<Content>(json: Array(json.utf8)).content
    }

    @Test("of a Service all that a proxy goes by is read")
    func service() throws {
        let service: ServiceObject = try read(
            #"""
            {"metadata":{"name":"web","namespace":"default"},"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.10",
            "clusterIPs":["10.96.0.10","fd96::10"],"externalIPs":["192.168.99.4"],
            "loadBalancerSourceRanges":[" 10.0.0.0/8 ","fd00::/8"],"internalTrafficPolicy":"Local",
            "externalTrafficPolicy":"Local","healthCheckNodePort":30099,"sessionAffinity":"ClientIP",
            "sessionAffinityConfig":{"clientIP":{"timeoutSeconds":99}},
            "ports":[{"name":"dns","protocol":"UDP","port":53,"nodePort":30053,"targetPort":"x"},{"port":80},
            {"protocol":"QUIC","port":1}]},
            "status":{"loadBalancer":{"ingress":[{"ip":"192.168.99.5","ipMode":"VIP"},{"ip":"192.168.99.6"},
            {"ip":"192.168.99.5"},{"ip":"192.168.99.7","ipMode":"Proxy"},{"hostname":"example.com"}]}}}
            """#)
        #expect(service.isProxied && service.clusterIPs == [address("10.96.0.10"), address("fd96::10")])
        #expect(service.externalIPs == [address("192.168.99.4")])
        #expect(service.loadBalancerIPs == [address("192.168.99.5"), address("192.168.99.6")])
        #expect(service.sourceRanges == [CIDR("10.0.0.0/8"), CIDR("fd00::/8")])
        #expect(service.isInternalLocal && service.isExternalLocal && service.healthCheckNodePort == 30_099)
        #expect(service.affinitySeconds == 99)
        #expect(service.ports == [.init(53, named: "dns", over: .udp, nodePort: 30_053), .init(80)])
        let v6 = try #require(ServicePort(service, service.ports[1], .v6))
        #expect(v6.externalIPs.isEmpty && v6.sourceRanges == [CIDR("fd00::/8")])
    }

    @Test("annotations say how endpoints are chosen, and what they cannot mean is told")
    func annotations() throws {
        let service: ServiceObject = try read(
            #"""
            {"metadata":{"annotations":{"poplin.dev/scheduling":"round-robin","other":"x",
            "poplin.dev/weights":"10.1.0.0/24=3, fd00::1=0","poplin.dev/drain-seconds":"30"}},"spec":{}}
            """#)
        #expect(service.scheduling == .roundRobin && service.drainSeconds == 30 && service.problems.isEmpty)
        let networks = ["10.1.0.0/24", "fd00::1/128"].compactMap { CIDR($0) }
        #expect(service.weights == [Weight(networks[0], 3), Weight(networks[1], 0)])
        let wrong: ServiceObject = try read(
            #"""
            {"metadata":{"annotations":{"poplin.dev/scheduling":"least","poplin.dev/weights":"10.1.0.0/24=300,a=1,=",
            "poplin.dev/drain-seconds":"-1"}},"spec":{}}
            """#)
        #expect(wrong.scheduling == .random && wrong.weights.isEmpty && wrong.drainSeconds == nil)
        #expect(
            wrong.problems == [
                "poplin.dev/scheduling: \"least\" is none of random, round-robin, source-hash",
                "poplin.dev/weights: \"10.1.0.0/24=300\" is not ADDRESS=N or NETWORK=N with N from 0 to 100",
                "poplin.dev/weights: \"a=1\" is not ADDRESS=N or NETWORK=N with N from 0 to 100",
                "poplin.dev/weights: \"=\" is not ADDRESS=N or NETWORK=N with N from 0 to 100",
                "poplin.dev/drain-seconds: \"-1\" is not a number of seconds",
            ])
    }

    @Test(
        "headless Services and names for others are not proxied; lists may be null",
        arguments: [
            (#"{"spec":{"clusterIP":"None","clusterIPs":["None"],"ports":null}}"#, false),
            (#"{"spec":{"type":"ExternalName","externalName":"example.com"}}"#, false),
            (#"{"spec":{"clusterIP":"10.96.0.1","externalIPs":null,"sessionAffinity":"None"},"status":{}}"#, true),
        ])
    func proxied(_ json: String, _ isProxied: Bool) throws {
        let service: ServiceObject = try read(json)
        #expect(service.isProxied == isProxied && service.affinitySeconds == nil)
    }

    @Test("of a slice endpoints, their conditions and hints are read, and only their first addresses")
    func slice() throws {
        let slice: EndpointSliceObject = try read(
            #"""
            {"metadata":{"labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
            "ports":[{"name":"","port":8080},{"name":"u","protocol":"UDP","port":null}],
            "endpoints":[{"addresses":["10.30.1.11","10.30.1.99"],"nodeName":"here","conditions":{"ready":null},
            "hints":{"forZones":[{"name":"zone-a"}],"forNodes":[{"name":"here"}]}},
            {"addresses":["10.30.1.12"],"conditions":{"ready":false,"serving":true,"terminating":true},"hints":null},
            {"addresses":["example.com"]},{"addresses":[]}]}
            """#)
        #expect(slice.service == "web" && slice.ports == [.init(8080)])
        try #require(slice.endpoints.count == 2)
        let (first, second) = (slice.endpoints[0], slice.endpoints[1])
        #expect(first.address == address("10.30.1.11") && first.isReady && first.isServing && !first.isTerminating)
        #expect(first.zones == ["zone-a"] && first.nodes == ["here"] && first.node == "here")
        #expect(!second.isReady && second.isServing && second.isTerminating)
        #expect(try (read(#"{"endpoints":null,"ports":null}"#) as EndpointSliceObject) == EndpointSliceObject())
    }

    @Test("of the Node its networks, zone and own addresses, and whether it is about to go")
    func node() throws {
        let node: NodeObject = try read(
            #"""
            {"metadata":{"name":"here","labels":{"topology.kubernetes.io/zone":"zone-a"}},
            "spec":{"podCIDRs":["10.30.1.0/24","fd30::/64"],"taints":[{"key":"ToBeDeletedByClusterAutoscaler"}]},
            "status":{"addresses":[{"type":"ExternalIP","address":"203.0.113.1"},{"type":"Hostname","address":"here"},
            {"type":"InternalIP","address":"192.168.30.1"}]}}
            """#)
        #expect(node.zone == "zone-a" && node.addresses == [Scenario.nodeAddress] && node.isToBeDeleted)
        #expect(node.podCIDRs == [CIDR("10.30.1.0/24"), CIDR("fd30::/64")])
    }
}
