import JSON
import Testing

@testable import ControlPlane

@Suite("A path in an object")
struct JSONPathTests {
    @Test("leads nowhere at a null, as at what is absent", arguments: [["a"], ["a", "b"], ["c"], ["d", "e"]])
    func absence(path: [String]) {
        let object: JSONValue = ["a": nil, "d": ["e": nil]]
        // Not compared with nil, which would be JSON's null too.
        if case .some(let value) = object.at(path[...]) { Issue.record("\(value)") }
    }

    @Test("leads to what is there, false and empty too")
    func presence() {
        let object: JSONValue = ["a": ["b": false], "c": [:]]
        #expect(object.at("a", "b")?.bool == false && object.at("c")?.object?.isEmpty == true)
    }
}
