import Foundation
import Glibc
import TestSupport
import Testing

@Suite("kubectl with the kinds that have logic of their own", .requiresProgram("kubectl"), .serialized)
struct KubectlKindTests {
    private func path(_ server: LiveServer, _ kind: String, _ name: String, _ path: String) throws -> String {
        try server.kubectl("get", kind, name, "-o", "jsonpath=\(path)")
    }

    @Test("Services get addresses and ports, change their families, and give everything back")
    func services() throws {
        let server = try LiveServer(["--service-cidr", "10.96.0.0/24,fd00:96::/112"])
        _ = try server.kubectl("create", "service", "nodeport", "web", "--tcp=80")
        let address = try path(server, "svc", "web", "{.spec.clusterIP}")
        #expect(address.hasPrefix("10.96.0."))
        #expect(try path(server, "ipaddress", address, "{.spec.parentRef.name}") == "web")
        #expect(
            try server.kubectl("create", "service", "clusterip", "other", "--tcp=80", "--clusterip=\(address)")
                .contains(
                    "provided IP is already allocated"))
        _ = try server.kubectl("patch", "svc", "web", "-p", #"{"spec":{"ipFamilyPolicy":"RequireDualStack"}}"#)
        #expect(try path(server, "svc", "web", "{.spec.ipFamilies}") == #"["IPv4","IPv6"]"#)
        _ = try server.kubectl("patch", "svc", "web", "-p", #"{"spec":{"ipFamilyPolicy":"SingleStack"}}"#)
        #expect(try path(server, "svc", "web", "{.spec.clusterIPs}") == "[\"\(address)\"]")
        #expect(
            try server.kubectl("patch", "svc", "web", "-p", #"{"spec":{"clusterIP":"10.96.0.9"}}"#).contains(
                "may not change once set"))
        let drawn = try server.kubectl(
            "create", "service", "clusterip", "dry", "--tcp=80", "--dry-run=server", "-o", "jsonpath={.spec.clusterIP}")
        #expect(drawn.hasPrefix("10.96.0."))
        _ = try server.kubectl("delete", "svc", "web")
        #expect(try server.kubectl("get", "ipaddress", "-o", "name") == "ipaddress.networking.k8s.io/10.96.0.1\n")
    }

    @Test("nodes get subnets; pods are bound, debugged, drained away")
    func podsAndNodes() throws {
        let server = try LiveServer(["--cluster-cidr", "10.244.0.0/16,fd00:244::/48"])
        for name in ["n1", "n2"] {
            _ = try server.kubectl(
                "create", "-f", "-", input: "apiVersion: v1\nkind: Node\nmetadata: {name: \(name)}\n")
        }
        try eventually("the nodes have subnets") {
            try ["n1", "n2"].allSatisfy { try !path(server, "node", $0, "{.spec.podCIDRs[1]}").isEmpty }
        }
        #expect(try path(server, "node", "n1", "{.spec.podCIDRs}") != path(server, "node", "n2", "{.spec.podCIDRs}"))

        try eventually("the account is there") {
            try server.kubectl("get", "sa", "default", "-o", "name") == "serviceaccount/default\n"
        }
        #expect(try server.kubectl("run", "web", "--image=x") == "pod/web created\n")
        #expect(try server.kubectl("set", "image", "pod/web", "web=y") == "pod/web image updated\n")
        _ = try server.kubectl("debug", "web", "--image=z", "--attach=false", "--container=helper")
        #expect(try path(server, "pod", "web", "{.spec.ephemeralContainers[0].name}") == "helper")
        #expect(try server.kubectl("label", "pod", "web", "a=b") == "pod/web labeled\n")
        let binding =
            #"{"apiVersion":"v1","kind":"Binding","metadata":{"name":"web"},"target":{"kind":"Node","name":"n1"}}"#
        let bind = ["create", "--raw", "/api/v1/namespaces/default/pods/web/binding", "-f", "-"]
        #expect(try server.run("kubectl", bind, input: binding).out.contains(#""status":"Success""#))
        #expect(try server.run("kubectl", bind, input: binding).err.contains("already assigned to node"))
        #expect(try path(server, "pod", "web", "{.spec.nodeName}") == "n1")
        #expect(
            try server.kubectl("drain", "n1", "--force", "--grace-period=0").contains("node/n1 drained"))
        #expect(try path(server, "node", "n1", "{.spec.unschedulable}") == "true")
        #expect(try server.kubectl("get", "pods", "-o", "name") == "")
    }

    @Test("a CustomResourceDefinition is served with its columns, defaults, rules and subresources, until it goes")
    func customResources() throws {
        let server = try LiveServer()
        let definition = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.org}
            spec:
              group: example.org
              scope: Namespaced
              names: {plural: widgets, kind: Widget, shortNames: [wd]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
                additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [size]
                        properties:
                          size: {type: integer, minimum: 1}
                          color: {type: string, default: red}
                          replicas: {type: integer}
                      status: {type: object, properties: {replicas: {type: integer}}}
              - name: v1beta1
                served: true
                storage: false
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """
        _ = try server.kubectl("create", "-f", "-", input: definition)
        #expect(
            try server.kubectl("wait", "--for=condition=Established", "crd/widgets.example.org", "--timeout=20s")
                .contains(
                    "condition met"))
        let widget = "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n"
        #expect(try server.kubectl("create", "-f", "-", input: widget) == "widget.example.org/w created\n")
        #expect(try server.kubectl("get", "wd", "--no-headers").split(separator: " ").map(String.init) == ["w", "3\n"])
        #expect(try path(server, "wd", "w", "{.spec.color}") == "red")
        #expect(
            try server.kubectl("patch", "wd", "w", "--type=merge", "-p", #"{"spec":{"size":0}}"#).contains(
                "spec.size in body should be greater than or equal to 1"))
        #expect(try server.kubectl("scale", "wd", "w", "--replicas=4") == "widget.example.org/w scaled\n")
        #expect(
            try path(server, "widgets.v1beta1.example.org", "w", "{.apiVersion} {.spec.replicas}")
                == "example.org/v1beta1 4")
        // A new default is seen in what is there, over a crash as well.
        let shape =
            #"[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/shape","#
            + #""value":{"type":"string","default":"round"}}]"#
        #expect(
            try server.kubectl("patch", "crd", "widgets.example.org", "--type=json", "-p", shape).contains("patched"))
        #expect(try path(server, "wd", "w", "{.spec.shape}") == "round")
        server.kill()
        try server.start()
        #expect(try path(server, "wd", "w", "{.spec.shape} {.spec.replicas}") == "round 4")
        #expect(try server.kubectl("delete", "crd", "widgets.example.org", "--timeout=20s").contains("deleted"))
        #expect(try server.kubectl("get", "wd").contains("the server"))
    }
}

@Suite("several servers on one etcd", .requiresProgram("kubectl"), .requiresProgram("etcd"), .serialized)
struct SharedEtcdTests {
    @Test("two of them never give the same address or port twice, and one of them runs the controllers")
    func allocation() throws {
        let etcd = try EtcdProcess()
        let flags = ["--etcd-endpoints", etcd.url, "--service-cidr", "10.96.0.0/26"]
        let servers = [try LiveServer(flags), try LiveServer(flags)]
        try eventually("the Service kubernetes is there", within: .seconds(60)) {
            try servers[1].kubectl("get", "svc", "kubernetes", "-o", "name") == "service/kubernetes\n"
        }
        // 61 addresses are left, and each server is asked for forty.
        let children = try (0..<4).map { worker in
            let documents = (0..<20).map { index in
                "apiVersion: v1\nkind: Service\nmetadata: {name: s\(worker)-\(index)}\n"
                    + "spec: {type: NodePort, ports: [{port: 80}]}"
            }
            return try Self.startCreating(documents, on: servers[worker % 2], worker)
        }
        for child in children { child.waitUntilExit() }
        func values(_ path: String) throws -> [Substring] {
            try servers[0].kubectl("get", "svc", "-o", "jsonpath={range .items[*]}{\(path)} {end}").split(
                separator: " ")
        }
        let addresses = try values(".spec.clusterIP")
        #expect(addresses.count == 62)
        #expect(Set(addresses).count == addresses.count)
        let ports = try values(".spec.ports[0].nodePort")
        #expect(ports.count == 61)
        #expect(Set(ports).count == ports.count)
        #expect(try servers[1].kubectl("get", "ipaddress", "-o", "name").split(separator: "\n").count == 62)
        let holder = try servers[0].kubectl(
            "get", "lease", "poplin-controllers", "-n", "kube-system", "-o", "jsonpath={.spec.holderIdentity}")
        #expect(holder.hasPrefix("127.0.0.1_"))
    }

    private static func startCreating(_ documents: [String], on server: LiveServer, _ worker: Int) throws -> Process {
        let file = "\(server.directory)/services-\(worker).yaml"
        try documents.joined(separator: "\n---\n").write(toFile: file, atomically: true, encoding: .utf8)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = ["kubectl", "--kubeconfig", server.kubeconfig, "create", "-f", file]
        child.standardOutput = FileHandle.nullDevice
        child.standardError = FileHandle.nullDevice
        try child.start()
        return child
    }
}
