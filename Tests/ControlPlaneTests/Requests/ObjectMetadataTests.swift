import JSON
import Testing

@testable import ControlPlane

@Suite("What the server writes into metadata")
struct ObjectMetadataTests {
    @Test("UIDs are random UUIDs of version 4, none twice")
    func uids() throws {
        let uids = (0..<2000).map { _ in ObjectMetadata.newUID() }
        #expect(Set(uids).count == uids.count)
        let form = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        for uid in uids { #expect(uid.wholeMatch(of: form) != nil, "\(uid)") }
        // Each digit takes each value that it may have.
        for place in 0..<36 where ![8, 13, 14, 18, 19, 23].contains(place) {
            #expect(Set(uids.map { Array($0.utf8)[place] }).count == 16, "\(place)")
        }
    }

    @Test("What is stored has no version, and every other field")
    func stored() {
        let bytes = ObjectMetadata.stored(["kind": "X", "metadata": ["resourceVersion": "5", "name": "a\"b"]])
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"kind":"X","metadata":{"name":"a\"b"}}"#)
    }
}
