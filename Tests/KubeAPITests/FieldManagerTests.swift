import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("Server-side apply")
struct FieldManagerTests {
    static func manager(_ kind: String, group: String = "", subresource: String = "") throws -> FieldManager {
        let kind = GroupVersionKind(group: group, version: "v1", kind: kind)
        return FieldManager(
            kind: kind, schema: try #require(APICatalog.builtin.schema(of: kind)), subresource: subresource)
    }

    static func deployment(_ spec: String, metadata: String = "") throws -> JSONValue {
        try JSONValue.parse(
            #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"n"\#(metadata)},"spec":\#(spec)}"#
        )
    }

    static func map(_ data: String, metadata: String = "") throws -> JSONValue {
        try JSONValue.parse(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"n"\#(metadata)},"data":\#(data)}"#
        )
    }

    /// `name operation subresource: fieldsV1`, one a line.
    static func owners(_ object: JSONValue) -> [String] {
        (object.member(at: "metadata", "managedFields")?.array ?? []).map { entry in
            let subresource = entry.member("subresource")?.string.map { "/" + $0 } ?? ""
            return "\(entry.member("manager")?.string ?? "") \(entry.member("operation")?.string ?? "")\(subresource) "
                + (entry.member("fieldsV1")?.serialized() ?? "")
        }
    }

    static let (t1, t2) = ("2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z")

    @Test("A create is recorded as upstream records it: maps with a dot, structs without, elements by key")
    func create() throws {
        let pods =
            #"{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{}}],"dnsPolicy":"ClusterFirst","securityContext":{}}"#
        let object = try Self.deployment(
            #"{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},"template":{"metadata":{"labels":{"a":"b"}},"spec":\#(pods)}}"#,
            metadata: #","labels":{"a":"b"},"uid":"u","creationTimestamp":"x","generation":1"#)
        let result = try Self.manager("Deployment", group: "apps")
            .update(live: nil, new: object, manager: "kubectl-create", time: Self.t1)
        #expect(
            Self.owners(result) == [
                #"kubectl-create Update {"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{}}},"f:dnsPolicy":{},"f:securityContext":{}}}}}"#
            ])
        let entry = result.member(at: "metadata", "managedFields")?.array?.first
        #expect(entry?.member("time")?.string == Self.t1)
        #expect(entry?.member("apiVersion")?.string == "apps/v1")
        #expect(entry?.member("fieldsType")?.string == "FieldsV1")
    }

    @Test("An update takes what it changes from whoever had it, and nothing else")
    func update() throws {
        let manager = try Self.manager("ConfigMap")
        let first = manager.update(live: nil, new: try Self.map(#"{"a":"1","b":"1"}"#), manager: "one", time: Self.t1)
        var second = first
        second.setMember("data", ["a": "2", "b": "1", "c": "1"])
        let result = manager.update(live: first, new: second, manager: "two", time: Self.t2)
        #expect(
            Self.owners(result) == [
                #"one Update {"f:data":{".":{},"f:b":{}}}"#, #"two Update {"f:data":{"f:a":{},"f:c":{}}}"#,
            ])
        var third = result
        third.setMember("data", ["b": "1", "c": "1"])
        let removed = manager.update(live: result, new: third, manager: "three", time: Self.t2)
        #expect(
            Self.owners(removed) == [#"one Update {"f:data":{".":{},"f:b":{}}}"#, #"two Update {"f:data":{"f:c":{}}}"#])
        #expect(manager.update(live: removed, new: removed, manager: "four", time: "later") == removed)
    }

    @Test("An apply owns what it says, without dots for maps, and merges it")
    func apply() throws {
        let manager = try Self.manager("ConfigMap")
        let live = manager.update(live: nil, new: try Self.map(#"{"x":"1"}"#), manager: "one", time: Self.t1)
        let result = try manager.apply(
            try Self.map(#"{"a":"1"}"#, metadata: #","labels":{"l":"1"}"#), to: live, manager: "two", force: false,
            time: Self.t2)
        #expect(result.member("data")?.serialized() == #"{"x":"1","a":"1"}"#)
        #expect(
            Self.owners(result) == [
                #"two Apply {"f:data":{"f:a":{}},"f:metadata":{"f:labels":{"f:l":{}}}}"#,
                #"one Update {"f:data":{".":{},"f:x":{}}}"#,
            ])
    }

    @Test("Applying the same again changes nothing, not even a time")
    func twice() throws {
        let manager = try Self.manager("ConfigMap")
        let map = try Self.map(#"{"a":"1"}"#)
        let first = try manager.apply(map, to: nil, manager: "m", force: false, time: Self.t1)
        #expect(try manager.apply(map, to: first, manager: "m", force: false, time: Self.t2) == first)
    }

    @Test("What another manager owns with another value is a conflict, in upstream's words")
    func conflict() throws {
        let manager = try Self.manager("Deployment", group: "apps")
        let live = manager.update(
            live: nil,
            new: try Self.deployment(#"{"replicas":1,"template":{"spec":{"containers":[{"name":"c","image":"1"}]}}}"#),
            manager: "kubectl", time: Self.t1)
        let one = #expect(throws: APIStatus.self) {
            try manager.apply(
                try Self.deployment(#"{"replicas":2}"#), to: live, manager: "me", force: false, time: Self.t2)
        }
        #expect(one?.code == 409 && one?.reason == "Conflict")
        #expect(one?.message == #"Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas"#)
        #expect(
            one?.details?.causes == [
                .init(
                    reason: "FieldManagerConflict", message: #"conflict with "kubectl" using apps/v1"#,
                    field: ".spec.replicas")
            ])
        let configuration = try Self.deployment(
            #"{"replicas":2,"template":{"spec":{"containers":[{"name":"c","image":"2"}]}}}"#)
        let two = #expect(throws: APIStatus.self) {
            try manager.apply(configuration, to: live, manager: "me", force: false, time: Self.t2)
        }
        #expect(
            two?.message
                == "Apply failed with 2 conflicts: conflicts with \"kubectl\" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name=\"c\"].image"
        )
        let forced = try manager.apply(configuration, to: live, manager: "me", force: true, time: Self.t2)
        #expect(forced.member(at: "spec", "replicas")?.int == 2)
        #expect(!(Self.owners(forced).last?.contains("f:replicas") ?? true))
        // The same value is no conflict but shared.
        let shared = try manager.apply(
            try Self.deployment(#"{"replicas":1}"#), to: live, manager: "me", force: false, time: Self.t2)
        #expect(Self.owners(shared).filter { $0.contains("f:replicas") }.count == 2)
        let other = #expect(throws: APIStatus.self) {
            try manager.apply(
                try Self.deployment(#"{"replicas":3}"#), to: shared, manager: "third", force: false, time: Self.t2)
        }
        #expect(
            other?.details?.causes.map(\.message) == [
                #"conflict with "kubectl" using apps/v1"#, #"conflict with "me""#,
            ])
    }

    @Test(
        "What a manager no longer says goes, unless another owns it",
        arguments: [
            // first manager's configuration, second's, first's next, the data then
            (#"{"a":"1","b":"1"}"#, #"{}"#, #"{"a":"1"}"#, #"{"a":"1"}"#),
            (#"{"a":"1","b":"1"}"#, #"{"b":"1"}"#, #"{"a":"1"}"#, #"{"a":"1","b":"1"}"#),
            (#"{"a":"1"}"#, #"{"c":"1"}"#, #"{}"#, #"{"c":"1"}"#),
            (#"{"a":"1"}"#, #"{"c":"1"}"#, "null", #"{"c":"1"}"#),
        ])
    func removal(first: String, second: String, next: String, expected: String) throws {
        let manager = try Self.manager("ConfigMap")
        var object = try manager.apply(try Self.map(first), to: nil, manager: "one", force: false, time: Self.t1)
        object = try manager.apply(try Self.map(second), to: object, manager: "two", force: false, time: Self.t1)
        object = try manager.apply(try Self.map(next), to: object, manager: "one", force: false, time: Self.t2)
        #expect(object.member("data")?.serialized() == expected)
    }

    @Test("The last label that was applied takes the map with it")
    func wholeMap() throws {
        let manager = try Self.manager("ConfigMap")
        let first = try manager.apply(
            try Self.map("{}", metadata: #","labels":{"a":"1"}"#), to: nil, manager: "one", force: false, time: Self.t1)
        let second = try manager.apply(try Self.map("{}"), to: first, manager: "one", force: false, time: Self.t2)
        #expect(second.member("metadata")?.member("labels") == nil)
    }

    static func containers(_ list: String) throws -> JSONValue {
        try deployment(#"{"template":{"spec":{"containers":\#(list)}}}"#)
    }

    @Test(
        "Elements of a list are owned one by one, and keep their order",
        arguments: [
            // live by an update, applied before, applied now, the names then
            (#"[{"name":"a"},{"name":"b"}]"#, #"[]"#, #"[{"name":"c","image":"i"}]"#, "a b c"),
            (#"[{"name":"a"},{"name":"b"},{"name":"c"}]"#, #"[]"#, #"[{"name":"c"},{"name":"a"}]"#, "b c a"),
            (#"[{"name":"s"}]"#, #"[{"name":"a"},{"name":"b"}]"#, #"[{"name":"b"}]"#, "s b"),
            (#"[{"name":"s"}]"#, #"[{"name":"a"},{"name":"b"}]"#, #"[{"name":"b"},{"name":"a"}]"#, "s b a"),
            (#"[{"name":"a"}]"#, #"[{"name":"a"}]"#, #"[{"name":"x"}]"#, "a x"),
            (#"[]"#, #"[{"name":"a"}]"#, #"[{"name":"x"}]"#, "x"),
        ])
    func elements(live: String, before: String, now: String, expected: String) throws {
        let manager = try Self.manager("Deployment", group: "apps")
        var object = manager.update(live: nil, new: try Self.containers(live), manager: "u", time: Self.t1)
        object = try manager.apply(try Self.containers(before), to: object, manager: "m", force: false, time: Self.t1)
        object = try manager.apply(try Self.containers(now), to: object, manager: "m", force: false, time: Self.t2)
        let names = object.member(at: "spec", "template", "spec", "containers")?.array?.compactMap {
            $0.member("name")?.string
        }
        #expect(names?.joined(separator: " ") == expected)
    }

    @Test("A key that is left out of a list's element has its default, and a field of an element can be given up")
    func keyDefaults() throws {
        let manager = try Self.manager("Deployment", group: "apps")
        let live = manager.update(
            live: nil,
            new: try Self.containers(#"[{"name":"a","image":"i","ports":[{"containerPort":80,"protocol":"TCP"}]}]"#),
            manager: "u", time: Self.t1)
        var object = try manager.apply(
            try Self.containers(#"[{"name":"a","command":["x"],"ports":[{"containerPort":80,"name":"web"}]}]"#),
            to: live, manager: "m",
            force: false, time: Self.t1)
        #expect(
            object.member(at: "spec", "template", "spec", "containers")?.serialized()
                == #"[{"name":"a","image":"i","ports":[{"containerPort":80,"protocol":"TCP","name":"web"}],"command":["x"]}]"#
        )
        object = try manager.apply(
            try Self.containers(#"[{"name":"a"}]"#), to: object, manager: "m", force: false, time: Self.t2)
        #expect(
            object.member(at: "spec", "template", "spec", "containers")?.serialized()
                == #"[{"name":"a","image":"i","ports":[{"containerPort":80,"protocol":"TCP"}]}]"#)
    }

    @Test("An atomic list is owned and replaced as a whole; a set is one of values")
    func atomicAndSet() throws {
        let manager = try Self.manager("ConfigMap")
        let metadata = { (text: String) in #","finalizers":\#(text)"# }
        var object = try manager.apply(
            try Self.map("{}", metadata: metadata(#"["x/a","x/b"]"#)), to: nil, manager: "one", force: false,
            time: Self.t1)
        #expect(
            Self.owners(object) == [
                #"one Apply {"f:data":{},"f:metadata":{"f:finalizers":{"v:\"x/a\"":{},"v:\"x/b\"":{}}}}"#
            ])
        object = try manager.apply(
            try Self.map("{}", metadata: metadata(#"["x/c"]"#)), to: object, manager: "two", force: false, time: Self.t1
        )
        object = try manager.apply(
            try Self.map("{}", metadata: metadata(#"["x/b"]"#)), to: object, manager: "one", force: false, time: Self.t1
        )
        #expect(object.member(at: "metadata", "finalizers")?.serialized() == #"["x/b","x/c"]"#)

        let deployments = try Self.manager("Deployment", group: "apps")
        let live = try deployments.apply(
            try Self.containers(#"[{"name":"a","args":["1","2"]}]"#), to: nil, manager: "one", force: false,
            time: Self.t1)
        let error = #expect(throws: APIStatus.self) {
            try deployments.apply(
                try Self.containers(#"[{"name":"a","args":["2"]}]"#), to: live, manager: "two", force: false,
                time: Self.t1)
        }
        #expect(error?.details?.causes.map(\.field) == [#".spec.template.spec.containers[name="a"].args"#])
    }

    @Test("Status and spec have owners of their own")
    func subresource() throws {
        let spec = try Self.manager("Deployment", group: "apps")
        let status = try Self.manager("Deployment", group: "apps", subresource: "status")
        let live = spec.update(live: nil, new: try Self.deployment(#"{"replicas":1}"#), manager: "k", time: Self.t1)
        var new = live
        new.setMember("status", ["observedGeneration": 1, "conditions": [["type": "Available", "status": "True"]]])
        let result = status.update(live: live, new: new, manager: "k", time: Self.t2)
        #expect(
            Self.owners(result) == [
                #"k Update {"f:spec":{"f:replicas":{}}}"#,
                #"k Update/status {"f:status":{"f:conditions":{".":{},"k:{\"type\":\"Available\"}":{".":{},"f:status":{},"f:type":{}}},"f:observedGeneration":{}}}"#,
            ])
        // A status in what is applied to the object itself is nobody's.
        var configuration = try Self.deployment(#"{"replicas":1}"#)
        configuration.setMember("status", ["replicas": 7])
        let applied = try spec.apply(configuration, to: result, manager: "a", force: false, time: Self.t2)
        #expect(Self.owners(applied).first == #"a Apply {"f:spec":{"f:replicas":{}}}"#)
    }

    @Test("Where status is no subresource it is written, and owned, with the rest")
    func statusWithoutSubresource() throws {
        let type = ResourceType(
            groupVersion: GroupVersion(group: "example.org", version: "v1"), plural: "widgets", kind: "Widget",
            isNamespaced: true)
        let schema = try #require(
            APICatalog.builtin.schema(of: GroupVersionKind(group: "apps", version: "v1", kind: "Deployment")))
        let new: JSONValue = ["spec": ["replicas": 1], "status": ["replicas": 1, "readyReplicas": 2]]
        let result = FieldManager(type: type, schema: schema).update(live: nil, new: new, manager: "k", time: Self.t1)
        #expect(
            Self.owners(result) == [
                #"k Update {"f:spec":{"f:replicas":{}},"f:status":{"f:readyReplicas":{},"f:replicas":{}}}"#
            ])
    }

    @Test("An object without owners gets one before it is first applied to")
    func firstApply() throws {
        let manager = try Self.manager("ConfigMap")
        let live = try Self.map(#"{"a":"1"}"#)
        let error = #expect(throws: APIStatus.self) {
            try manager.apply(try Self.map(#"{"a":"2"}"#), to: live, manager: "m", force: false, time: Self.t1)
        }
        #expect(
            error?.message == #"Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a"#)
    }

    @Test("A client may ask that the owners be forgotten; owners that are not valid change nothing")
    func reset() throws {
        let manager = try Self.manager("ConfigMap")
        let live = manager.update(live: nil, new: try Self.map(#"{"a":"1","b":"1"}"#), manager: "one", time: Self.t1)
        for sent in [#"[]"#, #"[{}]"#] {
            let new = try Self.map(#"{"a":"2","b":"1"}"#, metadata: #","managedFields":\#(sent)"#)
            let result = manager.update(live: live, new: new, manager: "two", time: Self.t2)
            #expect(Self.owners(result) == [#"two Update {"f:data":{"f:a":{}}}"#])
        }
        let invalid = try Self.map(#"{"a":"1","b":"1"}"#, metadata: #","managedFields":[{"operation":"Fly"}]"#)
        #expect(
            Self.owners(manager.update(live: live, new: invalid, manager: "two", time: Self.t2)) == Self.owners(live))
    }

    @Test("Of many updates the oldest become one entry")
    func cap() throws {
        let manager = try Self.manager("ConfigMap")
        var object = manager.update(
            live: nil, new: try Self.map(#"{"k0":"0"}"#), manager: "m0", time: "2026-01-01T00:00:00Z")
        for index in 1...14 {
            var data = object.member("data") ?? [:]
            data.setMember("k\(index)", "1")
            var new = object
            new.setMember("data", data)
            let time = "2026-01-01T00:00:\(index < 10 ? "0" : "")\(index)Z"
            object = manager.update(live: object, new: new, manager: "m\(index)", time: time)
        }
        #expect(Self.owners(object).count == 10)
        #expect(
            Self.owners(object).first
                == #"ancient-changes Update {"f:data":{".":{},"f:k0":{},"f:k1":{},"f:k2":{},"f:k3":{},"f:k4":{},"f:k5":{}}}"#
        )
    }

    @Test(
        "A configuration that cannot be applied is refused",
        arguments: [
            (#"{"replicas":"x"}"#, ".spec.replicas: expected numeric (int or float), got string"),
            (#"{"colour":1}"#, ".spec.colour: field not declared in schema"),
            (
                #"{"template":{"spec":{"containers":[{"image":"i"}]}}}"#,
                #".spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)"#
            ),
            (
                #"{"template":{"spec":{"containers":[{"name":"a"},{"name":"a"}]}}}"#,
                #".spec.template.spec.containers: duplicate entries for key [name="a"]"#
            ),
            (#"{"template":[]}"#, ".spec.template: expected map, got array"),
        ])
    func refusals(spec: String, problem: String) throws {
        let manager = try Self.manager("Deployment", group: "apps")
        let error = #expect(throws: APIStatus.self) {
            try manager.apply(try Self.deployment(spec), to: nil, manager: "m", force: false, time: Self.t1)
        }
        #expect(error?.message == "failed to create typed patch object (n/d; apps/v1, Kind=Deployment): \(problem)")
        #expect(error?.code == 500)
    }

    @Test("Another version, and owners in the configuration, are refused")
    func wrongConfiguration() throws {
        let manager = try Self.manager("ConfigMap")
        let version = #expect(throws: APIStatus.self) {
            try manager.apply(["apiVersion": "v2"], to: nil, manager: "m", force: false, time: Self.t1)
        }
        #expect(
            version?.message == "Incorrect version specified in apply patch. Specified patch version: v2, expected: v1")
        let owners = #expect(throws: APIStatus.self) {
            try manager.apply(
                try Self.map("{}", metadata: #","managedFields":[]"#), to: nil, manager: "m", force: false,
                time: Self.t1)
        }
        #expect(owners?.message == "metadata.managedFields must be nil")
    }

    @Test("The name of a manager who gives none is his program's")
    func names() {
        #expect(FieldManager.defaultName(userAgent: "kubectl/v1.32.0 (linux/amd64)") == "kubectl")
        #expect(FieldManager.defaultName(userAgent: "") == "unknown")
        #expect(FieldManager.defaultName(userAgent: "/v1") == "unknown")
        #expect(FieldManager.defaultName(userAgent: "a\u{1}b\u{7F}c/1") == "abc")
        #expect(FieldManager.defaultName(userAgent: String(repeating: "é", count: 200)).utf8.count == 128)
    }
}
