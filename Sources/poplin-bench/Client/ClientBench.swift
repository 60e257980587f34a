internal import JSON
internal import KubeClient
internal import Linux
internal import ServiceProxy

/// What it costs to read a cluster's Services and EndpointSlices, with everything in them that a real cluster's have.
struct ClientBench {
    private let services = 10_000

    private struct ObjectsMissing: Error {}

    func run() throws {
        let serviceList = list("Service", (0..<services).map(service))
        let sliceList = list("EndpointSlice", (0..<services).map(slice))
        Swift.print("client: \(describeMachine())\n")
        var table = Table("decoding from JSON", "MB", "objects", "median ms", "MB/s", "of it kept, MiB")
        let one = try measure(serviceList) { (object: ReadObject<ServiceObject>) in object.content }
        let two = try measure(sliceList) { (object: ReadObject<EndpointSliceObject>) in object.content }
        for (name, bytes, result) in [("Services", serviceList, one), ("EndpointSlices, 3 endpoints", sliceList, two)] {
            let megabytes = Double(bytes.count) / 1e6
            table.add(
                name, rounded(megabytes), "\(services)", rounded(result.median),
                rounded(megabytes / result.median * 1000), rounded(result.kept))
        }
        table.add(
            "both", rounded(Double(serviceList.count + sliceList.count) / 1e6), "\(2 * services)",
            rounded(one.median + two.median), "", rounded(one.kept + two.kept))
        table.print()
    }

    private func measure<Content: Projection>(
        _ bytes: [UInt8], _ keep: (ReadObject<Content>) -> Content
    ) throws -> (median: Double, kept: Double) {
        var sample = Sample()
        var kept = 0.0
        for _ in 0..<7 {
            Allocator.trim()
            let before = residentMiB()
            var objects: [ObjectKey: Content] = [:]
            try sample.time { _ = try ListPage(bytes) { objects[$0.key] = keep($0) } }
            kept = max(kept, residentMiB() - before)
            if objects.count != services { throw ObjectsMissing() }
        }
        return (sample.median, kept)
    }

    private func residentMiB() -> Double {
        let status = (try? Files.readText("/proc/self/status")) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
        return Double(line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) / 1024
    }

    // MARK: A cluster

    private func list(_ kind: String, _ items: [String]) -> [UInt8] {
        let head = #"{"kind":"\#(kind)List","apiVersion":"v1","metadata":{"resourceVersion":"99999"},"items":["#
        return Array((head + items.joined(separator: ",") + "]}").utf8)
    }

    private func metadata(_ name: String, _ number: Int, _ labels: String, _ fields: String) -> String {
        let uid = "0b6a6c1e-6c1a-4f0e-9a57-\(100_000_000_000 + number)"
        return #""metadata":{"name":"\#(name)","namespace":"team-\#(number % 50)","uid":"\#(uid)","resourceVersion":"#
            + #""\#(1000 + number)","generation":3,"creationTimestamp":"2026-11-20T10:00:00Z","labels":{\#(labels)},"#
            + #""annotations":{"example.com/description":"the text that people and their tools leave behind, quoted: \"a\"\n"},"#
            + #""managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"#
            + #""2026-11-20T10:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},"#
            + #""f:example.com/description":{}},"f:labels":{".":{},"f:app":{},"f:app.kubernetes.io/part-of":{}}},\#(fields)}}]}"#
    }

    private func service(_ number: Int) -> String {
        let address = "10.96.\(number / 250).\(number % 250 + 1)"
        let metadata = metadata(
            "service-\(number)", number, #""app":"service-\#(number)","app.kubernetes.io/part-of":"team""#,
            #""f:spec":{"f:internalTrafficPolicy":{},"f:ports":{".":{},"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{},"f:protocol":{},"f:targetPort":{}}},"f:selector":{},"f:sessionAffinity":{},"f:type":{}}"#
        )
        return #"{\#(metadata),"spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],"#
            + #""selector":{"app":"service-\#(number)"},"clusterIP":"\#(address)","clusterIPs":["\#(address)"],"#
            + #""type":"ClusterIP","sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","#
            + #""internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}"#
    }

    private func slice(_ number: Int) -> String {
        let metadata = metadata(
            "service-\(number)-x7k2p", number,
            #""kubernetes.io/service-name":"service-\#(number)","endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io","app":"service-\#(number)""#,
            #""f:addressType":{},"f:endpoints":{},"f:ports":{}"#)
        let endpoints = (0..<3).map { endpoint in
            let pod = number * 3 + endpoint
            return
                #"{"addresses":["10.244.\#(pod / 250).\#(pod % 250 + 1)"],"conditions":{"ready":true,"serving":true,"#
                + #""terminating":false},"targetRef":{"kind":"Pod","namespace":"team-\#(number % 50)","name":"#
                + #""service-\#(number)-7d4b9c8f6d-\#(100_000 + pod)","uid":"7d3f6c1e-6c1a-4f0e-9a57-\#(200_000_000_000 + pod)"},"#
                + #""nodeName":"node-\#(pod % 200)","zone":"zone-a"}"#
        }
        return #"{\#(metadata),"addressType":"IPv4","endpoints":[\#(endpoints.joined(separator: ","))],"#
            + #""ports":[{"name":"http","protocol":"TCP","port":8080}]}"#
    }
}
