import Foundation
import TestSupport
import Testing

@Suite("kubectl takes the server for the real one", .requiresProgram("kubectl"), .serialized)
struct KubectlTests {
    static let configMap = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, labels: {app: web}}
        data: {color: blue}
        """

    @Test("create, get, change and delete of a ConfigMap, in all forms")
    func life() throws {
        let server = try LiveServer()
        #expect(try server.kubectl("create", "-f", "-", input: Self.configMap) == "configmap/settings created\n")
        #expect(
            try server.kubectl("create", "-f", "-", input: Self.configMap).contains(
                #"configmaps "settings" already exists"#))
        #expect(try server.kubectl("get", "cm", "settings", "--no-headers").hasPrefix("settings   1 "))
        #expect(try server.kubectl("get", "cm", "-l", "app in (web)", "-o", "name") == "configmap/settings\n")
        #expect(try server.kubectl("get", "cm", "-l", "app!=web,app", "-o", "name") == "")
        #expect(
            try server.kubectl("get", "cm", "--field-selector", "metadata.name=settings", "-o", "name")
                == "configmap/settings\n")
        #expect(
            try server.kubectl("get", "cm", "--field-selector", "data.color=blue").contains(
                "not a known field selector"))
        #expect(try server.kubectl("label", "cm", "settings", "tier=front") == "configmap/settings labeled\n")
        #expect(try server.kubectl("annotate", "cm", "settings", "note=x") == "configmap/settings annotated\n")
        for (kind, patch) in [
            ("json", #"[{"op":"add","path":"/data/a","value":"1"}]"#), ("merge", #"{"data":{"b":"2"}}"#),
            ("strategic", #"{"data":{"c":"3"}}"#),
        ] {
            #expect(
                try server.kubectl("patch", "cm", "settings", "--type", kind, "-p", patch)
                    == "configmap/settings patched\n")
        }
        #expect(
            try server.kubectl("get", "cm", "settings", "-o", "jsonpath={.data}")
                == #"{"a":"1","b":"2","c":"3","color":"blue"}"#)
        let replaced = Self.configMap.replacingOccurrences(of: "blue", with: "red")
        #expect(try server.kubectl("replace", "-f", "-", input: replaced) == "configmap/settings replaced\n")
        #expect(try server.kubectl("get", "cm", "settings", "-o", "jsonpath={.data}") == #"{"color":"red"}"#)
        #expect(try server.kubectl("delete", "cm", "settings") == "configmap \"settings\" deleted\n")
        #expect(try server.kubectl("get", "cm", "settings").contains(#"configmaps "settings" not found"#))
        #expect(server.stop() == 0)
    }

    @Test("apply from the client and from the server, with conflicts and diffs")
    func apply() throws {
        let server = try LiveServer()
        func apply(_ text: String, _ flags: String...) throws -> String {
            let output = try server.run("kubectl", ["apply", "-f", "-"] + flags, input: text)
            return output.code == 0 ? output.out : output.err
        }
        #expect(try apply(Self.configMap) == "configmap/settings created\n")
        #expect(try apply(Self.configMap) == "configmap/settings unchanged\n")
        let changed = Self.configMap.replacingOccurrences(of: "color: blue", with: "size: big")
        #expect(try apply(changed) == "configmap/settings configured\n")
        #expect(try server.kubectl("get", "cm", "settings", "-o", "jsonpath={.data}") == #"{"size":"big"}"#)

        let other = changed.replacingOccurrences(of: "name: settings", with: "name: other")
        #expect(try apply(other, "--server-side", "--field-manager=one") == "configmap/other serverside-applied\n")
        let bigger = other.replacingOccurrences(of: "size: big", with: "size: bigger")
        let refusal = try apply(bigger, "--server-side", "--field-manager=two")
        #expect(refusal.contains(#"conflict with "one": .data.size"#), "\(refusal)")
        #expect(
            try apply(bigger, "--server-side", "--field-manager=two", "--force-conflicts")
                == "configmap/other serverside-applied\n")
        #expect(try server.kubectl("get", "cm", "other", "-o", "jsonpath={.data.size}") == "bigger")
        #expect(try apply(Self.configMap, "--dry-run=server").contains("(server dry run)"))
        #expect(try server.kubectl("get", "cm", "settings", "-o", "jsonpath={.data}") == #"{"size":"big"}"#)
    }

    @Test("workloads are scaled, counted in generations and shown in tables")
    func workloads() throws {
        let server = try LiveServer()
        #expect(try server.kubectl("create", "deployment", "web", "--image=x") == "deployment.apps/web created\n")
        #expect(try server.kubectl("scale", "deployment", "web", "--replicas=3") == "deployment.apps/web scaled\n")
        #expect(
            try server.kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.replicas} {.metadata.generation}")
                == "3 2")
        #expect(try server.kubectl("get", "deploy", "web", "--no-headers").contains("0/3"))
        #expect(
            try server.kubectl("get", "--raw", "/apis/apps/v1/namespaces/default/deployments/web/scale").contains(
                #""selector":"app=web""#))
        #expect(
            try server.kubectl("create", "deployment", "bad", "--image=x", "--replicas=-1").contains(
                "spec.replicas: Invalid value: -1: must be greater than or equal to 0"))
        #expect(try server.kubectl("delete", "deploy", "web") == "deployment.apps \"web\" deleted\n")
        // What admission has put into a pod does not stand in its way.
        #expect(try server.kubectl("run", "p", "--image=x") == "pod/p created\n")
        #expect(try server.kubectl("label", "pod", "p", "x=y") == "pod/p labeled\n")
        #expect(try server.kubectl("set", "image", "pod/p", "p=z") == "pod/p image updated\n")
        #expect(try server.kubectl("create", "service", "clusterip", "s", "--tcp=80") == "service/s created\n")
        #expect(
            try server.kubectl("patch", "svc", "s", "-p", #"{"spec":{"ports":[{"port":80,"targetPort":90}]}}"#)
                == "service/s patched\n")
        #expect(try server.kubectl("explain", "service.spec.clusterIP").contains("FIELD: clusterIP <string>"))
    }

    @Test("an object with a finalizer stays until it is taken away, and a namespace takes everything with it")
    func finalizers() throws {
        let server = try LiveServer()
        _ = try server.kubectl("create", "ns", "shop")
        let held = Self.configMap.replacingOccurrences(
            of: "name: settings", with: "name: held, finalizers: [example.com/hold]")
        #expect(try server.kubectl("create", "-n", "shop", "-f", "-", input: held) == "configmap/held created\n")
        #expect(
            try server.kubectl("delete", "cm", "held", "-n", "shop", "--wait=false") == "configmap \"held\" deleted\n")
        let stamp = try server.kubectl(
            "get", "cm", "held", "-n", "shop", "-o", "jsonpath={.metadata.deletionTimestamp}")
        #expect(stamp.hasSuffix("Z"))
        #expect(try server.kubectl("delete", "ns", "shop", "--wait=false") == "namespace \"shop\" deleted\n")
        #expect(
            try server.kubectl("create", "cm", "late", "-n", "shop").contains(
                "because it is being terminated"))
        _ = try server.kubectl(
            "patch", "cm", "held", "-n", "shop", "--type=merge", "-p", #"{"metadata":{"finalizers":null}}"#)
        try eventually("the namespace is gone") {
            try server.kubectl("get", "ns", "shop").contains("not found")
        }
    }

    @Test("who may not is told so, in upstream's words")
    func permissions() throws {
        let server = try LiveServer()
        #expect(try server.kubectl("auth", "can-i", "create", "pods") == "yes\n")
        let bob = try server.run("kubectl", ["auth", "can-i", "create", "pods", "--as=bob"])
        #expect(bob.out == "no\n")
        #expect(
            try server.kubectl("get", "secrets", "--as=bob").contains(
                #"User "bob" cannot list resource "secrets" in API group "" in the namespace "default""#))
        #expect(
            try server.kubectl("create", "rolebinding", "v", "--clusterrole=view", "--user=bob")
                == "rolebinding.rbac.authorization.k8s.io/v created\n")
        #expect(try server.kubectl("get", "cm", "--as=bob", "-o", "name").contains("configmap/"))
        try eventually("the default account is there") {
            try server.kubectl("get", "sa", "default", "-o", "name") == "serviceaccount/default\n"
        }
        #expect(try server.kubectl("create", "token", "default").split(separator: ".").count == 3)
        #expect(
            try server.kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}") == "kubernetes-admin")
    }
}
