import JSON
import TestSupport
import Testing

@testable import KubeAPI

@Suite struct ProtobufCodingTests {
    private static let kinds = APICatalog.builtin.resources.filter { $0.verbs.contains(.get) }

    @Test func `random objects of every kind are the same after JSON and after protobuf`() throws {
        var random = SeededGenerator(seed: 11)
        for resource in Self.kinds {
            let schema = try #require(resource.schema)
            for _ in 0..<8 {
                let object = schema.randomValue(depth: 5, using: &random)
                #expect(try schema.decode(object).strictProblems == [])
                let decoded = try schema.decode(object).value
                let message = try #require(ProtobufCoding.encodeMessage(decoded, schema), "\(resource.gvk)")
                let back = try ProtobufCoding.decode(message, schema)
                #expect(back == decoded, "\(resource.gvk)")
            }
        }
    }

    @Test func `the envelope names the kind`() throws {
        let lease: JSONValue = [
            "kind": "Lease", "apiVersion": "coordination.k8s.io/v1", "metadata": ["name": "x"],
            "spec": ["leaseDurationSeconds": 40, "renewTime": "2026-11-21T17:32:43.123456Z"],
        ]
        let gvk = GroupVersionKind(group: "coordination.k8s.io", version: "v1", kind: "Lease")
        let schema = try #require(APICatalog.builtin.schema(of: gvk))
        let bytes = try #require(ProtobufCoding.encode(lease, schema))
        #expect(ProtobufCoding.hasMagic(bytes))
        let envelope = try ProtobufCoding.envelope(bytes)
        #expect(envelope.kind == gvk)
        #expect(try ProtobufCoding.decode(envelope, schema) == lease)
    }

    @Test func `what kubectl sends is read without the zero values that Go writes`() throws {
        // The body of `kubectl create deployment web --image=nginx --replicas=3 --port=80`.
        let body = try #require(
            Base64.decode(
                "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErgBCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEoYBCAMSDAoKCgNhcHASA3dl"
                    + "YhpsChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEkwSLgoFbmdpbngSBW5naW54KgAyCgoAEAAYUCIAKgBCAGoAcgCAAQCIAQCQ"
                    + "AQCiAQAaADIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA="))
        let envelope = try ProtobufCoding.envelope(body)
        let schema = try #require(APICatalog.builtin.schema(of: envelope.kind))
        #expect(
            try ProtobufCoding.decode(envelope, schema).serialized()
                == #"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","labels":{"app":"web"}},"#
                + #""spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":"#
                + #"{"app":"web"}},"spec":{"containers":[{"name":"nginx","image":"nginx","ports":[{"containerPort":80}],"#
                + #""resources":{}}]}},"strategy":{}},"status":{}}"#)
    }

    @Test func `fields of a newer schema survive, in embedded messages too`() throws {
        let schema = try #require(
            APICatalog.builtin.schema(of: GroupVersionKind(group: "", version: "v1", kind: "Pod")))
        var writer = ProtobufWriter()
        let spec = writer.open(2)
        let volume = writer.open(1)
        writer.field(1, "v")
        let source = writer.open(2)
        writer.field(900, "new source")
        writer.close(source)
        writer.close(volume)
        writer.field(901, 7)
        writer.close(spec)
        let object = try ProtobufCoding.decode(writer.bytes, schema)
        #expect(object.member(at: "spec")?.member("volumes")?.array?.first?.member("name") == "v")
        // Through the store, as JSON, and a strict update.
        let stored = try schema.decode(try JSONValue.parse(object.serialized()))
        #expect(stored.strictProblems == [])
        #expect(stored.value == object)
        let again = try #require(ProtobufCoding.encodeMessage(stored.value, schema))
        #expect(try ProtobufCoding.decode(again, schema) == object)
        #expect(String(decoding: again, as: UTF8.self).contains("new source"))
    }

    @Test func `bytes that are no message are errors, never crashes`() throws {
        var random = SeededGenerator(seed: 12)
        for resource in Self.kinds {
            let schema = try #require(resource.schema)
            var bytes = try #require(
                ProtobufCoding.encodeMessage(schema.randomValue(depth: 5, using: &random), schema))
            for _ in 0..<60 {
                guard !bytes.isEmpty else { break }
                var broken = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 0..<broken.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: broken[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: broken.removeSubrange(place...)
                    default: broken.insert(UInt8.random(in: 0...255, using: &random), at: place)
                    }
                    if broken.isEmpty { break }
                }
                guard let object = try? ProtobufCoding.decode(broken, schema) else { continue }
                // What is read can be written, and means the same.
                let again = try #require(ProtobufCoding.encodeMessage(object, schema))
                #expect(try ProtobufCoding.decode(again, schema) == object)
                if Bool.random(using: &random) { bytes = broken }
            }
        }
    }

    @Test func `deep nesting is refused`() throws {
        let schema = try #require(
            APICatalog.builtin.messages(of: GroupVersion(group: "apiextensions.k8s.io", version: "v1"))[
                "JSONSchemaProps"])
        var message: [UInt8] = []
        for _ in 0..<300 {
            var writer = ProtobufWriter()
            writer.field(28, message)
            message = writer.bytes
        }
        #expect(throws: ProtobufError.self) { try ProtobufCoding.decode(message, schema) }
    }
}
