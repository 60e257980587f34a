import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("Field selectors")
struct FieldSelectorTests {
    @Test(
        "A query is read, and written in its canonical form",
        arguments: [
            ("", ""), ("a=b", "a=b"), ("a==b", "a=b"), ("a!=b", "a!=b"), ("b=1,a=2", "a=2,b=1"), ("a=", "a="),
            ("=x", "=x"),
            (#"a=x\,y"#, #"a=x\,y"#), (#"a=x\=y"#, #"a=x\=y"#), (#"a=x\\"#, #"a=x\\"#), (",,a=b,", "a=b"),
            ("a", "error: invalid selector: 'a'; can't understand 'a'"),
            ("x=1,a b", "error: invalid selector: 'x=1,a b'; can't understand 'a b'"),
            (#"a=\x"#, #"error: invalid field selector: invalid escape sequence: \x"#),
            ("a=b=c", "error: invalid field selector: unescaped = in value: b=c"),
        ])
    func parsing(text: String, expected: String) {
        let result: String
        do { result = try FieldSelector(parsing: text).description } catch { result = "error: \(error.message)" }
        #expect(result == expected)
    }

    static let pod = #"""
        {"metadata":{"name":"p","namespace":"n"},"spec":{"nodeName":"a","restartPolicy":"Always"},
         "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}}
        """#

    @Test(
        "A pod's fields",
        arguments: [
            ("metadata.name=p,metadata.namespace=n", true), ("spec.nodeName=a", true), ("spec.nodeName!=a", false),
            ("spec.nodeName=", false), ("status.phase!=Succeeded,status.phase!=Failed", true),
            ("status.podIP=10.0.0.1", true),
            ("spec.hostNetwork=false", true), ("spec.schedulerName=", true), ("status.podIPs=", true),
        ])
    func pods(text: String, expected: Bool) throws {
        let fields = SelectableFields.of(GroupKind(group: "", kind: "Pod"))
        let selector = try FieldSelector(parsing: text)
        try fields.check(selector)
        #expect(fields.matches(selector, try JSONValue.parse(Self.pod)) == expected)
    }

    @Test(
        "Other kinds",
        arguments: [
            ("", "Node", #"{"spec":{"unschedulable":true}}"#, "spec.unschedulable=true", true),
            ("", "Node", "{}", "spec.unschedulable=false", true),
            ("", "Service", #"{"spec":{"clusterIP":"None"}}"#, "spec.clusterIP!=None", false),
            ("", "Secret", #"{"type":"Opaque"}"#, "type=Opaque", true),
            ("batch", "Job", "{}", "status.successful=0", true),
            ("", "Event", #"{"source":{"component":"kubelet"}}"#, "source=kubelet", true),
            ("", "Event", #"{"reportingComponent":"kcm"}"#, "source=kcm,involvedObject.kind=", true),
            ("events.k8s.io", "Event", #"{"regarding":{"kind":"Pod"}}"#, "regarding.kind=Pod", true),
        ])
    func kinds(group: String, kind: String, json: String, text: String, expected: Bool) throws {
        let fields = SelectableFields.of(GroupKind(group: group, kind: kind))
        let selector = try FieldSelector(parsing: text)
        try fields.check(selector)
        #expect(fields.matches(selector, try JSONValue.parse(json)) == expected)
    }

    @Test("A field that the kind does not have is refused as upstream refuses it")
    func unknown() throws {
        let selector = try FieldSelector(parsing: "spec.color=red")
        let pod = #expect(throws: SelectorError.self) {
            try SelectableFields.of(GroupKind(group: "", kind: "Pod")).check(selector)
        }
        #expect(pod?.message == "field label not supported: spec.color")
        let map = #expect(throws: SelectorError.self) {
            try SelectableFields.of(GroupKind(group: "", kind: "ConfigMap")).check(selector)
        }
        #expect(
            map?.message == #""spec.color" is not a known field selector: only "metadata.name", "metadata.namespace""#)
        let custom = SelectableFields.custom([".spec.color"])
        try custom.check(selector)
        #expect(custom.matches(selector, ["spec": ["color": "red"]]))
        #expect(custom.values(of: ["spec": ["color": "red"]]).map(\.field) == ["spec.color"])
    }

    @Test("metadata.name makes it one object")
    func single() throws {
        #expect(try FieldSelector(parsing: "metadata.name=x").required("metadata.name") == "x")
        #expect(try FieldSelector(parsing: "metadata.name!=x").required("metadata.name") == nil)
    }

    @Test("Any text is read or refused, and what is read is read the same from its canonical form")
    func fuzz() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let pieces = ["a", ".", ",", "=", "!", "\\", "é", " ", "==", "!=", "x"]
        for _ in 0..<50_000 {
            let text = (0..<Int.random(in: 0..<10, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            guard let selector = try? FieldSelector(parsing: text) else { continue }
            let again = try? FieldSelector(parsing: selector.description)
            #expect(again.map { Set($0.terms) } == Set(selector.terms), "\(text)")
        }
    }
}
