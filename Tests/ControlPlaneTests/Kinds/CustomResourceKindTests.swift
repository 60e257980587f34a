import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct CustomResourceKindTests {
    private func definition(_ plural: String, kind: String, short: String = "", versions: [String] = ["v1"])
        -> JSONValue
    {
        let names: JSONValue = [
            "plural": .string(plural), "kind": .string(kind), "shortNames": short.isEmpty ? [] : [.string(short)],
        ]
        let schema: JSONValue = [
            "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        ]
        let list = versions.enumerated().map { index, name -> JSONValue in
            [
                "name": .string(name), "served": true, "storage": .bool(index == 0), "schema": schema,
                "subresources": ["status": [:]],
            ]
        }
        return [
            "metadata": ["name": .string("\(plural).example.org")],
            "spec": [
                "group": "example.org", "scope": "Namespaced", "names": names, "versions": .array(list),
            ],
        ]
    }

    @Test("a definition's kind is served once its names are accepted, in all versions")
    func served() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(
            .customResourceDefinitions, definition("widgets", kind: "Widget", versions: ["v1beta1", "v1", "v2alpha1"]))
        let storage = StoragePrefix("example.org/widgets")
        try cluster.run("type") { cluster.server.type(of: storage) != nil }
        let versions = cluster.server.types.all.filter { $0.group == "example.org" }.map(\.version)
        #expect(versions == ["v1", "v1beta1", "v2alpha1"])
        let definition = try #require(cluster.object(.customResourceDefinitions, "", "widgets.example.org"))
        #expect(definition.hasCondition("NamesAccepted") && definition.hasCondition("Established"))
        #expect(definition.text("status", "acceptedNames", "listKind") == "WidgetList")
        #expect(definition.texts("status", "storedVersions") == ["v1beta1"])
        try cluster.create(storage, ["metadata": ["name": "w", "namespace": "default"], "spec": ["size": 1]])
        #expect(cluster.names(storage) == ["w"])
    }

    @Test("objects that are there are shown with the defaults and the fields that their schema has now")
    func newSchema() throws {
        let cluster = try ClusterUnderTest()
        let storage = StoragePrefix("example.org/widgets")
        let key = ["spec", "versions"]
        func schema(_ properties: JSONValue) throws {
            var made = definition("widgets", kind: "Widget")
            var version = try #require(made.at("spec", "versions")?.array?.first)
            version.set(["openAPIV3Schema": ["type": "object", "properties": properties]], at: "schema")
            made.set([version], at: "spec", "versions")
            guard cluster.exists(.customResourceDefinitions, "", "widgets.example.org") else {
                try cluster.create(.customResourceDefinitions, made)
                return try cluster.run("type") { cluster.server.type(of: storage) != nil }
            }
            try cluster.modify(.customResourceDefinitions, "", "widgets.example.org") {
                $0.set(made.at(key[...]), at: key[...])
            }
        }
        func shown(_ name: String) -> JSONValue? {
            var object = cluster.object(storage, "default", name)
            for member in ["metadata", "kind", "apiVersion"] { object?.set(nil, at: member) }
            return object
        }
        try schema(["a": ["type": "string"], "b": ["type": "string"]])
        let old = try cluster.create(storage, ["metadata": ["name": "old", "namespace": "default"], "b": "mine"])
        try schema(["a": ["type": "string", "default": "A"], "b": ["type": "string"]])
        #expect(shown("old") == ["b": "mine", "a": "A"])
        try cluster.create(storage, ["metadata": ["name": "new", "namespace": "default"]])

        // A default that was stored stays, one that was only shown goes with the schema; so does a field, which comes back.
        try schema(["a": ["type": "string"], "c": ["type": "string", "default": "C"]])
        #expect(shown("old") == ["c": "C"])
        #expect(shown("new") == ["a": "A", "c": "C"])
        #expect(cluster.object(storage, "default", "old")?.at("metadata") == old.at("metadata"))
        try schema(["a": ["type": "string"], "b": ["type": "string"]])
        #expect(shown("old") == ["b": "mine"])
        #expect(shown("new") == ["a": "A"])

        // What is shown is what a change begins with.
        try schema(["a": ["type": "string", "default": "A"], "b": ["type": "string"]])
        try cluster.modify(storage, "default", "old") { $0.set("other", at: "b") }
        try schema(["a": ["type": "string"], "b": ["type": "string"]])
        #expect(shown("old") == ["b": "other", "a": "A"])
        try cluster.delete(storage, "default", "old")
        #expect(shown("old") == nil)
    }

    @Test("names that another definition has are not accepted until they are free")
    func conflicts() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.customResourceDefinitions, definition("widgets", kind: "Widget", short: "wd"))
        try cluster.run("type") { cluster.server.type(of: StoragePrefix("example.org/widgets")) != nil }
        try cluster.create(.customResourceDefinitions, definition("wads", kind: "Wad", short: "wd"))
        try cluster.run("conflict") {
            cluster.object(.customResourceDefinitions, "", "wads.example.org")?.hasCondition("NamesAccepted", "False")
                == true
        }
        #expect(cluster.server.type(of: StoragePrefix("example.org/wads")) == nil)
        try cluster.delete(.customResourceDefinitions, "", "widgets.example.org")
        try cluster.run("type") { cluster.server.type(of: StoragePrefix("example.org/wads")) != nil }
    }

    @Test("a definition goes after all objects of its kind, and none is made meanwhile")
    func deletion() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.customResourceDefinitions, definition("widgets", kind: "Widget"))
        let storage = StoragePrefix("example.org/widgets")
        try cluster.run("type") { cluster.server.type(of: storage) != nil }
        let held: JSONValue = ["metadata": ["name": "w", "namespace": "default", "finalizers": ["example.org/hold"]]]
        try cluster.create(storage, held)
        try cluster.delete(.customResourceDefinitions, "", "widgets.example.org")
        let refusal = try #require(try cluster.refusal(storage, ["metadata": ["name": "x", "namespace": "default"]]))
        #expect(refusal.code == 405)
        try cluster.run("deletion") {
            cluster.object(storage, "default", "w")?.at("metadata", "deletionTimestamp") != nil
        }
        try cluster.modify(storage, "default", "w") { $0.set(nil, at: "metadata", "finalizers") }
        try cluster.run("end") { !cluster.exists(.customResourceDefinitions, "", "widgets.example.org") }
        #expect(cluster.server.type(of: storage) == nil)
    }

    @Test(
        "definitions that cannot be served are refused",
        arguments: [
            ("metadata.name", ["metadata", "name"], "other.example.org"),
            ("spec.scope", ["spec", "scope"], "Everywhere"),
            ("spec.versions", ["spec", "versions"], []),
            ("spec.conversion.strategy", ["spec", "conversion", "strategy"], "Webhook"),
            (
                "spec.versions[0].schema.openAPIV3Schema", ["spec", "versions"],
                [["name": "v1", "served": true, "storage": true]]
            ),
        ] as [(String, [String], JSONValue)])
    func refused(field: String, path: [String], value: JSONValue) throws {
        let cluster = try ClusterUnderTest()
        var definition = definition("widgets", kind: "Widget")
        definition.set(value, at: path[...])
        let status = try #require(try cluster.refusal(.customResourceDefinitions, definition))
        #expect(status.code == 422)
        #expect(status.details?.causes.contains { $0.field == field } == true, "\(status.message)")
    }

    @Test("versions are ordered by their stability, then by their age")
    func order() {
        let names = ["foo1", "v1alpha1", "v10", "v2", "v1beta2", "v1beta1", "foo10", "v11alpha2", "v3beta1", "v1"]
        #expect(
            names.sorted { VersionOrder($0) < VersionOrder($1) }
                == ["v10", "v2", "v1", "v3beta1", "v1beta2", "v1beta1", "v11alpha2", "v1alpha1", "foo1", "foo10"])
    }
}
