import Identity
import JSON
import Testing

@testable import ControlPlane

@Suite("What a token hangs on")
struct BoundObjectTests {
    @Test(
        "is read from the bytes of the object",
        arguments: [
            (BoundObject.Kind.serviceAccount, #"{"metadata":{"name":"a","uid":"u"}}"#, BoundObject(uid: "u")),
            (.node, #"{"metadata":{"uid":"u"},"spec":{"nodeName":"n"}}"#, BoundObject(uid: "u")),
            (
                .pod,
                #"""
                {"metadata":{"uid":"u","deletionTimestamp":"1970-01-01T00:01:00Z"},\#
                "spec":{"containers":[{"nodeName":"x"}],"nodeName":"n\u0031","serviceAccountName":"s"}}
                """#, BoundObject(uid: "u", deletionTime: 60, serviceAccountName: "s", nodeName: "n1")
            ),
            (.pod, #"{"metadata":{"uid":"u"},"spec":{}}"#, BoundObject(uid: "u")),
            (.secret, #"{"metadata":{"uid":"u"},"data":{"token":"YQ=="}}"#, BoundObject(uid: "u", token: "a")),
            (
                .secret, #"{"metadata":{"uid":"u","labels":{"kubernetes.io/legacy-token-invalid-since":"x"}}}"#,
                BoundObject(uid: "u", isInvalid: true)
            ),
        ])
    func reading(_ kind: BoundObject.Kind, _ text: String, _ expected: BoundObject) {
        let object = CachedObject(path: "n/a", bytes: Array(text.utf8), createRevision: 1, revision: 1)
        #expect(BoundObject(kind, object) == expected)
    }
}
