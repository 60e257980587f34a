import Daemon

@testable import ServiceProxy

extension RulesApplier {
    /// Until it is done.
    func takeOver(on loop: EventLoop, _ node: NodeView, _ index: inout ServiceIndex) throws -> Takeover {
        try loop.wait(for: beginTakeover(node, &index))
    }
}

extension EventLoop {
    /// Runs until the work is done.
    func wait<Value>(for work: RulesWork<Value>) throws -> Value {
        var result: Result<Value, any Error>?
        work.whenDone { result = $0 }
        while true {
            if let result { return try result.get() }
            try run(until: "the rules are written", within: .seconds(60)) { result != nil }
        }
    }
}
