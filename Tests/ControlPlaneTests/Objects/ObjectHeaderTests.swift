import Testing

@testable import ControlPlane

@Suite("An object's header is read from its bytes")
struct ObjectHeaderTests {
    static let object = """
        {"kind":"Pod","apiVersion":"v1","spec":{"metadata":{"name":"not me"},"nodeName":"n\\u0031","hostNetwork":true},
         "metadata" : { "name":"web-0", "namespace":"shop","uid":"u1","generation":3,
           "labels":{"app":"web","quoted\\"key":"a,b}"},"finalizers":["a","b"],
           "deletionTimestamp":"2026-01-01T00:00:00Z",
           "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u0","controller":true,
             "blockOwnerDeletion":true},{"kind":"Node","name":"x","uid":"u9"}]},"status":{"phase":null}}
        """

    @Test("Metadata is found wherever it stands, with escapes and space")
    func header() {
        let header = ObjectHeader(Array(Self.object.utf8))
        #expect(header.name == "web-0")
        #expect(header.namespace == "shop")
        #expect(header.uid == "u1")
        #expect(header.generation == 3)
        #expect(header.labels == ["app": "web", "quoted\"key": "a,b}"])
        #expect(header.finalizers == ["a", "b"])
        #expect(header.deletionTimestamp == "2026-01-01T00:00:00Z")
        #expect(header.ownerReferences.map(\.uid) == ["u0", "u9"])
        #expect(header.ownerReferences.map(\.isController) == [true, false])
        #expect(header.ownerReferences.first?.blocksOwnerDeletion == true)
    }

    @Test(
        "A field selector sees strings and literals, and nothing for what is not there",
        arguments: [
            (["spec", "nodeName"], "n1"), (["spec", "hostNetwork"], "true"), (["status", "phase"], ""),
            (["spec", "absent"], ""), (["status", "phase", "deeper"], ""), (["metadata", "name"], "web-0"),
            (["metadata", "finalizers", "0"], "a"), (["metadata", "labels"], ""),
        ])
    func selectorText(_ path: [String], _ expected: String) {
        let text = Array(Self.object.utf8).withUnsafeBytes { JSONSkim($0).scalarText(path) ?? "" }
        #expect(text == expected)
    }

    @Test(
        "An object is being deleted when its metadata says since when, and nothing else does",
        arguments: [
            (#"{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:00Z"}}"#, true),
            (#"{"metadata":{"name":"a","labels":{"deletionTimestamp":"x"}}}"#, false),
            (#"{"metadata":{"name":"a"},"spec":{"deletionTimestamp":"x"}}"#, false),
            (#"{"metadata":{"name":"deletionTimestamp"}}"#, false),
        ])
    func deletion(_ text: String, _ expected: Bool) {
        let object = CachedObject(path: "a", bytes: Array(text.utf8), createRevision: 1, revision: 1)
        #expect(object.isBeingDeleted == expected)
    }

    @Test("Strings end where they end, whatever stands in them and wherever eight bytes begin")
    func strings() {
        for length in 0..<20 {
            for special in ["", #"\""#, #"\\"#, "é", "}", "]", ","] {
                let value = String(repeating: "x", count: length) + special
                let text = Array(#"{"metadata":{"labels":{"a":"\#(value)"},"name":"n"}}"#.utf8)
                #expect(ObjectHeader(text).name == "n", "\(value)")
            }
        }
    }

    @Test("Text that is no JSON is never read beyond its end")
    func broken() {
        let bytes = Array(Self.object.utf8)
        for end in 0..<bytes.count {
            _ = ObjectHeader(Array(bytes[..<end]))
        }
    }

    @Test(
        "The version is put into the metadata, or replaces the one that is there",
        arguments: [
            (#"{"metadata":{"name":"a"},"x":1}"#, #"{"metadata":{"resourceVersion":"7","name":"a"},"x":1}"#),
            (#"{"metadata":{}}"#, #"{"metadata":{"resourceVersion":"7"}}"#),
            (#"{"metadata":{"resourceVersion":"12345"}}"#, #"{"metadata":{"resourceVersion":"7"}}"#),
            (#"{"kind":"x"}"#, #"{"kind":"x"}"#),
            (#"{"metadata":"x"}"#, #"{"metadata":"x"}"#),
            (
                #"{"metadata":{"name":"a"},"involvedObject":{"resourceVersion":"5"}}"#,
                #"{"metadata":{"resourceVersion":"7","name":"a"},"involvedObject":{"resourceVersion":"5"}}"#
            ),
            (
                #"{"metadata":{"a":[{"resourceVersion":"5"}],"resourceVersion":"6"}}"#,
                #"{"metadata":{"a":[{"resourceVersion":"5"}],"resourceVersion":"7"}}"#
            ),
        ])
    func servedBytes(_ stored: String, _ served: String) {
        #expect(String(decoding: ServedBytes.make(Array(stored.utf8), revision: 7), as: UTF8.self) == served)
    }
}
