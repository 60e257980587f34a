import JSON
import Testing
import YAML

@Suite("YAML as Kubernetes reads it")
struct YAMLParsingTests {
    @Test(
        "A scalar is what Go's yaml package takes it for",
        arguments: [
            ("", "null"), ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nULL", #""nULL""#),
            ("y", "true"), ("Y", "true"), ("yes", "true"), ("on", "true"), ("On", "true"), ("True", "true"),
            ("n", "false"), ("No", "false"), ("off", "false"), ("FALSE", "false"), ("yEs", #""yEs""#),
            ("\"yes\"", #""yes""#), ("'12'", #""12""#), ("!!str 12", #""12""#), ("! 12", #""12""#),
            ("12", "12"), ("+5", "5"), ("-0", "0"), ("017", "15"), ("0o17", "15"), ("0x1F", "31"), ("-0x1f", "-31"),
            ("0b101", "5"), ("-0b11", "-3"), ("08", "8"), ("1_000", "1000"), ("1:30", #""1:30""#), ("0x", #""0x""#),
            ("--1", #""--1""#), ("+-1", #""+-1""#), ("9223372036854775807", "9223372036854775807"),
            ("18446744073709551615", "18446744073709551615"), ("18446744073709551616", "18446744073709552000"),
            ("1.0", "1"), ("1.50", "1.5"), (".5", "0.5"), (".5_9", "0.59"), ("._5", #""._5""#), (".5_", #"".5_""#),
            (".5__9", #"".5__9""#), ("5.", "5"), ("-.5", "-0.5"), ("1e3", "1000"),
            ("1e21", "1e+21"),
            ("1e-7", "1e-7"), ("0.000001", "0.000001"), ("1.e", #""1.e""#), (".", #"".""#), ("1e400", #""1e400""#),
            ("123456789.25", "123456789.25"), ("-", "[null]"), ("2001-01-01", #""2001-01-01""#),
            ("2001-12-14t21:59:43.10-05:00", #""2001-12-14t21:59:43.10-05:00""#), ("1.2.3", #""1.2.3""#),
            ("100m", #""100m""#), ("1Gi", #""1Gi""#), ("!!float 1", "1"), ("!!int '7'", "7"), ("!foo bar", #""bar""#),
            ("!!binary aGk=", #""hi""#), ("<<", #""<<""#), ("a b", #""a b""#), ("{a: 1, b}", #"{"a":1,"b":null}"#),
        ])
    func scalars(text: String, json: String) throws {
        #expect(try YAMLDocument.parse(text).value.serialized() == json)
    }

    @Test(
        "Collections, keys, blocks, aliases and merges come out as JSON",
        arguments: [
            ("a: 1\nb:\n- x\n- z: {}\n", #"{"a":1,"b":["x",{"z":{}}]}"#),
            ("1: a\ntrue: b\n1.5: c\n0x10: d\n", #"{"1":"a","true":"b","1.5":"c","16":"d"}"#),
            ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", #"{"a":"one\ntwo\n","b":"one two"}"#),
            ("a: &x {k: 1}\nb: *x\nc: [*x, *x]\n", #"{"a":{"k":1},"b":{"k":1},"c":[{"k":1},{"k":1}]}"#),
            ("base: &b {k: 1, l: 2}\nd:\n  <<: *b\n  l: 3\n", #"{"base":{"k":1,"l":2},"d":{"k":1,"l":3}}"#),
            ("<<: [{a: 1}, {a: 2, b: 3}]\n", #"{"a":1,"b":3}"#),
            ("&a x: *a\n", #"{"x":"x"}"#), ("# only a comment\n", "null"), ("{\"a\":\"\\u00e9\"}", #"{"a":"é"}"#),
            ("\u{FEFF}a: b", #"{"a":"b"}"#), ("a: \"x\\0y\"", #"{"a":"x\u0000y"}"#), ("---\n...\n", "null"),
            ("a: 1\n---\nb: 2\n", #"{"a":1}"#), ("\"<<\": {a: 1}", #"{"<<":{"a":1}}"#),
        ])
    func collections(text: String, json: String) throws {
        #expect(try YAMLDocument.parse(text).value.serialized() == json)
    }

    @Test("Of a stream all documents can be had, the empty ones too")
    func stream() throws {
        let documents = try YAMLDocument.parseAll(Array("a: 1\n---\n---\n- 2\n...\n".utf8))
        #expect(documents.map { $0.value.serialized() } == [#"{"a":1}"#, "null", "[2]"])
        #expect(try YAMLDocument.parseAll([]).isEmpty)
    }

    @Test("A key that is set twice is reported with its line; the last value counts")
    func duplicates() throws {
        let document = try YAMLDocument.parse("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
        #expect(
            document.duplicateKeys == [#"line 4: key "c" already set in map"#, #"line 5: key "a" already set in map"#])
        #expect(document.value.serialized() == #"{"a":3,"b":{"c":2}}"#)
    }

    @Test(
        "What is not YAML, or not JSON, is refused as Go words it",
        arguments: [
            ("a: b: c", "yaml: mapping values are not allowed in this context"),
            ("x: 1\na: b: c", "yaml: line 2: mapping values are not allowed in this context"),
            ("a:\n\t- b", "yaml: line 2: found character that cannot start any token"),
            ("[1, 2", "yaml: line 1: did not find expected ',' or ']'"), ("*x", "yaml: unknown anchor 'x' referenced"),
            ("&a [*a]", "yaml: anchor 'a' value contains itself"), (".nan", "yaml: json: unsupported value: NaN"),
            ("-.inf", "yaml: json: unsupported value: -Inf"),
            ("!!int abc", "yaml: cannot decode !!str `abc` as a !!int"),
            ("!!binary ???", "yaml: !!binary value contains invalid base64 data"),
            ("<<: 1", "yaml: map merge requires map or sequence of maps as the value"),
            ("{[a]: b}", "yaml: line 1: invalid map key: only a scalar can be one"),
            ("~: b", "yaml: line 1: unsupported map key: null"),
            ("a: \u{1}", "yaml: control characters are not allowed"),
            ("%YAML 2.0\n---\na", "yaml: found incompatible YAML document"),
        ])
    func refusals(text: String, message: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(text) }
        #expect(error?.description == "error converting YAML to JSON: " + message)
    }

    @Test("Bytes that are not UTF-8 are refused")
    func notUTF8() {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse([0x61, 0x3A, 0x20, 0xFF, 0xFE, 0x0A]) }
        #expect(error?.reason == "invalid leading UTF-8 octet")
    }
}
