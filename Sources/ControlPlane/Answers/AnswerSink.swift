package import HTTP

/// Where the answer to a request goes. `HTTPExchange` is one; tests have one in memory.
package protocol AnswerSink: AnyObject {
    /// Given to `send` and not taken by the client yet.
    var bufferedBytes: Int { get }
    var isOver: Bool { get }
    var onClose: (() -> Void)? { get set }
    func respond(_ status: Int, headers: HTTPHeaders, pieces: [[UInt8]])
    func begin(_ status: Int, headers: HTTPHeaders, length: Int?)
    func send(_ bytes: [UInt8])
    func send(pieces: [[UInt8]])
    func end()
    func abort()
}

extension HTTPExchange: AnswerSink {}
