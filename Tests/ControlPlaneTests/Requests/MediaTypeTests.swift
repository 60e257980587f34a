import Testing

@testable import ControlPlane

@Suite("The form of an answer")
struct MediaTypeTests {
    static let discovery = "as=APIGroupDiscoveryList"
    static let cases: [(accept: String, endpoint: AnswerForm.Endpoint, expected: AnswerForm?)] = [
        ("", .object, .json),
        ("*/*", .object, .json),
        ("application/json", .list, .json),
        ("application/yaml", .object, AnswerForm(.yaml)),
        ("application/vnd.kubernetes.protobuf,application/json", .list, AnswerForm(.protobuf)),
        ("application/vnd.kubernetes.protobuf, */*", .object, AnswerForm(.protobuf)),
        ("application/cbor", .object, nil),
        ("application/cbor, application/json;q=0.5", .object, .json),
        ("application/yaml;q=0.1,application/json;q=0.9", .object, .json),
        ("application/json;q=0", .object, nil),
        (" application/cbor ,\tapplication/yaml ; q=0.9\t, application/json;q=0.1", .object, AnswerForm(.yaml)),
        (" , ;", .object, nil),
        ("application/json;", .object, .json),
        ("Application/JSON ; charset=utf-8", .object, .json),
        (
            "application/json ; AS=\"Table\" ;v = v1; ;=;x=;g=meta.k8s.io", .list,
            AnswerForm(.json, .table(version: "v1"))
        ),
        (
            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json",
            .list, AnswerForm(.json, .table(version: "v1"))
        ),
        ("application/json;as=Table;v=v2;g=meta.k8s.io,application/json", .list, .json),
        ("application/json;as=Table;v=v2;g=meta.k8s.io", .list, nil),
        ("application/json;as=Table;v=v1;g=meta.k8s.io", .plain, nil),
        (
            "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
            .list, AnswerForm(.protobuf, .partialMetadataList(version: "v1"))
        ),
        (
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", .object,
            AnswerForm(.json, .partialMetadata(version: "v1"))
        ),
        (
            "application/json;g=apidiscovery.k8s.io;v=v2;\(discovery),application/json", .discovery,
            AnswerForm(.json, .aggregatedDiscovery(version: "v2"))
        ),
    ]

    @Test("is the first alternative of the Accept header that there is", arguments: cases)
    func negotiates(_ accept: String, _ endpoint: AnswerForm.Endpoint, _ expected: AnswerForm?) {
        #expect(AnswerForm.negotiate(accept: accept, for: endpoint) == expected)
    }
}
