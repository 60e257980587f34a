import Testing

@testable import ControlPlane

@Suite("What a request is about is in its method and path")
struct RequestInfoTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var request: String
        var expected: String
        var testDescription: String { request }
    }

    static let cases: [Case] = [
        Case(request: "GET /api/v1/namespaces", expected: "list /v1 namespaces"),
        Case(request: "GET /api/v1/namespaces/a", expected: "get /v1 namespaces ns=a name=a"),
        Case(request: "PUT /api/v1/namespaces/a/finalize", expected: "update /v1 namespaces/finalize ns=a name=a"),
        Case(request: "PATCH /api/v1/namespaces/a/status", expected: "patch /v1 namespaces/status ns=a name=a"),
        Case(request: "GET /api/v1/namespaces/a/pods", expected: "list /v1 pods ns=a"),
        Case(request: "GET /api/v1/namespaces/a/pods?watch=true", expected: "watch /v1 pods ns=a"),
        Case(request: "GET /api/v1/namespaces/a/pods?watch=0", expected: "list /v1 pods ns=a"),
        Case(request: "GET /api/v1/pods?watch", expected: "watch /v1 pods"),
        Case(request: "GET /api/v1/watch/namespaces/a/pods", expected: "watch /v1 pods ns=a"),
        Case(request: "GET /api/v1/watch/namespaces/a/pods/x", expected: "watch /v1 pods ns=a name=x"),
        Case(request: "GET /api/v1/namespaces/a/pods/x", expected: "get /v1 pods ns=a name=x"),
        Case(request: "HEAD /api/v1/namespaces/a/pods/x", expected: "get /v1 pods ns=a name=x"),
        Case(request: "GET /api/v1/namespaces/a/pods/x/log", expected: "get /v1 pods/log ns=a name=x"),
        Case(
            request: "POST /api/v1/namespaces/a/pods/x/eviction",
            expected: "create /v1 pods/eviction ns=a name=x"),
        Case(request: "DELETE /api/v1/namespaces/a/pods", expected: "deletecollection /v1 pods ns=a"),
        Case(request: "DELETE /api/v1/namespaces/a/pods/x", expected: "delete /v1 pods ns=a name=x"),
        Case(request: "POST /apis/apps/v1/namespaces/a/deployments", expected: "create apps/v1 deployments ns=a"),
        Case(
            request: "GET /apis/apps/v1/namespaces/a/deployments/d/scale",
            expected: "get apps/v1 deployments/scale ns=a name=d"),
        Case(
            request: "GET /api/v1/pods?fieldSelector=metadata.name%3Dx&watch=true",
            expected: "watch /v1 pods name=x"),
        Case(
            request: "GET /api/v1/pods?fieldSelector=metadata.name!%3Dx", expected: "list /v1 pods"),
        Case(request: "GET /api/v1/nodes/n/proxy/a/b", expected: "get /v1 nodes/proxy name=n rest=a/b"),
        Case(request: "GET /api", expected: "get path=/api"),
        Case(request: "GET /api/v1", expected: "get path=/api/v1"),
        Case(request: "GET /apis/apps/v1", expected: "get path=/apis/apps/v1"),
        Case(request: "POST /healthz", expected: "post path=/healthz"),
    ]

    @Test("A path and a method say the verb, the resource and whose it is", arguments: cases)
    func parses(_ test: Case) {
        let words = test.request.split(separator: " ")
        let target = words[1].split(separator: "?", maxSplits: 1)
        let query = Query(target.count > 1 ? target[1] : "")
        let info = RequestInfo(method: String(words[0]), path: String(target[0]), query: query)
        var text = info.verb
        if info.isResource {
            text += " \(info.group)/\(info.version) \(info.resource)"
            if !info.subresource.isEmpty { text += "/\(info.subresource)" }
            if !info.namespace.isEmpty { text += " ns=\(info.namespace)" }
            if !info.name.isEmpty { text += " name=\(info.name)" }
            if !info.rest.isEmpty { text += " rest=\(info.rest.joined(separator: "/"))" }
        } else {
            text += " path=\(info.path)"
        }
        #expect(text == test.expected)
    }
}
