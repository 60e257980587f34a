import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("JSON patch")
struct JSONPatchTests {
    @Test(
        "Operations do what RFC 6902 and upstream's library say",
        arguments: [
            (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":[1]}]"#, #"{"a":1,"b":[1]}"#),
            (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
            (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
            (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-1","value":2}]"#, #"{"a":[1,2]}"#),
            (#"{"a":[1,2]}"#, #"[{"op":"remove","path":"/a/-1"}]"#, #"{"a":[1]}"#),
            (#"{"a":1}"#, #"[{"op":"add","path":"/a","value":null}]"#, #"{"a":null}"#),
            (#"{"a":1}"#, #"[{"op":"replace","path":"","value":{"b":2}}]"#, #"{"b":2}"#),
            (#"{"a":1}"#, #"[{"op":"replace","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
            (#"{"a":1}"#, #"[{"op":"copy","from":"/x","path":"/b"}]"#, #"{"a":1,"b":null}"#),
            (#"{"a":1}"#, "null", #"{"a":1}"#),
            (#"{"a":{"b":1,"c":2}}"#, #"[{"op":"remove","path":"/a/b"}]"#, #"{"a":{"c":2}}"#),
            (#"{"a":[1,2]}"#, #"[{"op":"replace","path":"/a/0","value":9}]"#, #"{"a":[9,2]}"#),
            (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
            (#"{"a":[1,2,3]}"#, #"[{"op":"move","from":"/a/0","path":"/a/2"}]"#, #"{"a":[2,3,1]}"#),
            (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/a/c"}]"#, #"{"a":{"b":1,"c":{"b":1}}}"#),
            (#"{"a":{"x":1,"y":2}}"#, #"[{"op":"test","path":"/a","value":{"y":2,"x":1}}]"#, #"{"a":{"x":1,"y":2}}"#),
            (#"{}"#, #"[{"op":"test","path":"/none","value":null}]"#, #"{}"#),
            (
                #"{"a/b":1,"m~n":2}"#, #"[{"op":"remove","path":"/a~1b"},{"op":"replace","path":"/m~0n","value":3}]"#,
                #"{"m~n":3}"#
            ),
            (#"{"":1}"#, #"[{"op":"replace","path":"/","value":2}]"#, #"{"":2}"#), (#"{"a":1}"#, "[]", #"{"a":1}"#),
        ])
    func operations(document: String, patch: String, expected: String) throws {
        let patch = try JSONPatch(try JSONValue.parse(patch))
        #expect(try patch.apply(to: try JSONValue.parse(document)).serialized() == expected)
    }

    @Test(
        "What cannot be applied is refused with upstream's code and words",
        arguments: [
            (#"{}"#, "400 json: cannot unmarshal object into Go value of type jsonpatch.Patch"),
            (#"[1]"#, "400 json: cannot unmarshal number into Go value of type jsonpatch.Operation"),
            (#"[{"op":"test","path":"/a","value":2}]"#, "422 testing value /a failed: test failed"),
            (#"[{"op":"test","path":"/a","value":1.0}]"#, "422 testing value /a failed: test failed"),
            (
                #"[{"op":"remove","path":"/x"}]"#,
                "422 error in remove for path: '/x': Unable to remove nonexistent key: x: missing value"
            ),
            (
                #"[{"op":"remove","path":"/x/y"}]"#,
                #"422 remove operation does not apply: doc is missing path: "/x/y": missing value"#
            ),
            (
                #"[{"op":"remove","path":"/a/y"}]"#,
                #"422 remove operation does not apply: doc is missing path: "/a/y": missing value"#
            ),
            (
                #"[{"op":"add","path":"","value":1}]"#,
                #"422 add operation does not apply: doc is missing path: "": missing value"#
            ),
            (
                #"[{"op":"add","path":"x","value":1}]"#,
                #"422 add operation does not apply: doc is missing path: "x": missing value"#
            ),
            (
                #"[{"op":"add","path":"/l/7","value":1}]"#,
                "422 error in add for path: '/l/7': Unable to access invalid index: 7: invalid index referenced"
            ),
            (
                #"[{"op":"add","path":"/l/x","value":1}]"#,
                #"422 error in add for path: '/l/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax"#
            ),
            (
                #"[{"op":"remove","path":"/l/-"}]"#,
                #"422 error in remove for path: '/l/-': strconv.Atoi: parsing "-": invalid syntax"#
            ),
            (
                #"[{"op":"remove","path":"/l/-9"}]"#,
                "422 error in remove for path: '/l/-9': Unable to access invalid index: -9: invalid index referenced"
            ),
            (
                #"[{"op":"replace","path":"/l/9","value":1}]"#,
                "422 replace operation does not apply: doc is missing key: /l/9: missing value"
            ),
            (
                #"[{"op":"replace","path":"/x/9","value":1}]"#,
                "422 replace operation does not apply: doc is missing path: /x/9: missing value"
            ),
            (#"[{"op":"fly","path":"/a"}]"#, "422 Unexpected kind: fly"),
            (#"[{"path":"/a"}]"#, "422 Unexpected kind: unknown"),
            (#"[null]"#, "422 Unexpected kind: unknown"),
            (#"[{"op":"add"}]"#, "422 add operation failed to decode path: missing value"),
            (
                #"[{"op":"move","path":"/a"}]"#,
                "422 move operation failed to decode from: operation, missing from field: missing value"
            ),
            (
                #"[{"op":"copy","from":"/x/z","path":"/y"}]"#,
                "422 copy operation does not apply: doc is missing from path: /x/z: missing value"
            ),
            (
                #"[{"op":"copy","from":"/l/9","path":"/y"}]"#,
                "422 error in copy for from: '/l/9': Unable to access invalid index: 9: invalid index referenced"
            ),
            (
                #"[{"op":"copy","from":"/a","path":"/x/y"}]"#,
                "422 copy operation does not apply: doc is missing destination path: /x/y: missing value"
            ),
            (
                #"[{"op":"copy","from":"/a","path":"/l/9"}]"#,
                "422 error while adding value during copy: Unable to access invalid index: 9: invalid index referenced"
            ),
            (
                #"[{"op":"move","from":"/x","path":"/y"}]"#,
                "422 error in move for path: 'x': Unable to remove nonexistent key: x: missing value"
            ),
            (
                #"[{"op":"move","from":"/a","path":"/x/y"}]"#,
                "422 move operation does not apply: doc is missing destination path: /x/y: missing value"
            ),
            (
                #"[{"op":"test","path":"/x/y","value":null}]"#,
                "422 test operation does not apply: is missing path: /x/y: missing value"
            ),
            (
                #"[{"op":"test","path":"/l/9","value":null}]"#,
                "422 error in test for path: '/l/9': Unable to access invalid index: 9: invalid index referenced"
            ),
        ])
    func refusals(patch: String, expected: String) throws {
        let document = try JSONValue.parse(#"{"a":1,"l":[1]}"#)
        let error = #expect(throws: APIStatus.self) { try JSONPatch(try JSONValue.parse(patch)).apply(to: document) }
        let status = try #require(error)
        #expect("\(status.code) \(status.details?.causes.first?.message ?? status.message)" == expected)
    }

    @Test("A patch is bounded in operations, in what it copies, and in steps")
    func bounds() throws {
        let remove = try JSONValue.parse(#"{"op":"test","path":"/a","value":1}"#)
        let long = #expect(throws: APIStatus.self) { try JSONPatch(.array(Array(repeating: remove, count: 10_001))) }
        #expect(long?.code == 413)
        let copies = (0..<30).map {
            JSONValue.object(JSONObject([("op", "copy"), ("from", "/a"), ("path", .string("/x\($0)"))]))
        }
        let document = try JSONValue.parse(#"{"a":"\#(String(repeating: "x", count: 200_000))"}"#)
        let grown = #expect(throws: APIStatus.self) { try JSONPatch(.array(copies)).apply(to: document) }
        #expect(grown?.details?.causes.first?.message.hasPrefix("Unable to complete the copy") ?? false)
        let list = JSONValue.object(JSONObject([("l", .array(Array(repeating: 0, count: 200_000)))]))
        let insert = try JSONValue.parse(#"{"op":"add","path":"/l/0","value":1}"#)
        #expect(throws: APIStatus.self) {
            try JSONPatch(.array(Array(repeating: insert, count: 9_999))).apply(to: list)
        }
    }

    @Test("Any patch gives a document or an error, and leaves the document alone when it fails")
    func fuzz() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let paths = ["", "/", "/a", "/a/b", "/a/0", "/l/-", "/l/1", "/l/-1", "/l/99", "x", "/~0~1~", "/a/b/c", "/-"]
        let kinds = ["add", "remove", "replace", "move", "copy", "test", "jump"]
        let document = try JSONValue.parse(#"{"a":{"b":1},"l":[1,{"c":null}]}"#)
        var applied = 0
        for _ in 0..<20_000 {
            let operations = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
                JSONValue.object(
                    JSONObject([
                        ("op", .string(kinds[Int.random(in: 0..<kinds.count, using: &random)])),
                        ("path", .string(paths[Int.random(in: 0..<paths.count, using: &random)])),
                        ("from", .string(paths[Int.random(in: 0..<paths.count, using: &random)])),
                        ("value", .random(depth: 2, using: &random)),
                    ]))
            }
            if (try? JSONPatch(.array(operations)).apply(to: document)) != nil { applied += 1 }
        }
        #expect(applied > 1000)
    }
}
