import JSON
import Testing

@testable import KubeAPI

@Suite struct MetadataValidationTests {
    @Test(
        "what is wrong with metadata is said where upstream says it",
        arguments: [
            (
                #""labels":{"a":"b c"}"#,
                [
                    #"metadata.labels: Invalid value: "b c": a valid label must be an empty string or consist of "#
                        + "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                        + "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                ]
            ),
            (
                #""ownerReferences":[{"apiVersion":"","kind":"","name":"","uid":""}]"#,
                [
                    #"metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty"#,
                    #"metadata.ownerReferences.kind: Invalid value: "": must not be empty"#,
                    #"metadata.ownerReferences.name: Invalid value: "": must not be empty"#,
                    #"metadata.ownerReferences.uid: Invalid value: "": must not be empty"#,
                ]
            ),
            (
                #""finalizers":["mine"]"#,
                [
                    #"metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it "#
                        + "fully qualified"
                ]
            ),
        ])
    func metadata(text: String, causes: [String]) throws {
        let map = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{FIELDS}}"#
        #expect(try Checked.created(map.replacing("FIELDS", with: text)) == causes)
    }

    @Test func `two controllers are named with their kinds`() throws {
        let owner = #"{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"NAME","uid":"u","controller":true}"#
        let causes = try Checked.created(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"ownerReferences":[A,B]}}"#
                .replacing("A,B", with: ["a", "b"].map { owner.replacing("NAME", with: $0) }.joined(separator: ",")))
        #expect(causes.count == 1)
        #expect(causes.first?.hasSuffix("in references for ReplicaSet/a and ReplicaSet/b") == true)
    }

    @Test(
        "a name that is wrong is told why",
        arguments: [
            ("a.b", ["must not contain dots"]),
            (
                String(repeating: "a", count: 64), ["must be no more than 63 characters"]
            ),
        ])
    func names(name: String, problems: [String]) {
        #expect(NameSyntax.label(name) == problems)
    }

    @Test func `a template's labels are named without its metadata`() throws {
        let causes = try Checked.created(
            #"{"apiVersion":"v1","kind":"PodTemplate","template":{"metadata":{"labels":{"":"b"}},"#
                + #""spec":{"containers":[{"name":"c","image":"i"}]}}}"#)
        #expect(causes.allSatisfy { $0.hasPrefix("template.labels: ") } && causes.count == 2)
    }
}
