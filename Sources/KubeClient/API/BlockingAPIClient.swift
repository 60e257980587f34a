internal import Daemon
package import HTTP
package import Linux

/// The API client for a thread that does one thing after another: calls wait for their answer, on a loop of their own.
///
/// One thread at a time uses it. The `Cancellation` ends its calls from any thread, for good.
package final class BlockingAPIClient {
    private let loop: EventLoop
    private let client: APIClient
    private let cancellation: Cancellation
    private let registration: UInt64

    package init(
        _ access: ClusterAccess, options: APIClient.Options = APIClient.Options(),
        cancellation: Cancellation = Cancellation()
    ) throws(SystemError) {
        let loop = try EventLoop()
        let wakeUp = try loop.mailbox { (_: Void) in loop.stop() }
        self.loop = loop
        self.cancellation = cancellation
        client = try APIClient(access, loop, options: options)
        registration = cancellation.onCancel { wakeUp.post(()) }
    }

    deinit { cancellation.forget(registration) }

    /// Sends the request and waits for its whole answer.
    package func send(_ request: APIRequest) throws(APIFailure) -> HTTPAnswer {
        var result: Result<HTTPAnswer, APIFailure>?
        let call = client.send(request) { [loop] in
            result = $0
            loop.stop()
        }
        defer { call.cancel() }
        try run("\(request.method) \(request.path)") { result != nil }
        guard let result else { throw cancelled("\(request.method) \(request.path)") }
        return try result.get()
    }

    /// Follows a collection, and blocks until the body says no more. The informer tries again by itself; only a
    /// cancellation throws. The body is called between turns of the loop.
    package func follow<Content: Projection>(
        _ resource: ResourcePath, labelSelector: String? = nil, fieldSelector: String? = nil,
        _ body: (Informer<Content>, Informer<Content>.News) -> Bool
    ) throws(APIFailure) {
        let untold = Untold<Content>()
        let informer = Informer<Content>(
            client, resource, labelSelector: labelSelector, fieldSelector: fieldSelector
        ) { [loop] news in
            untold.news.append(news)
            loop.stop()
        }
        informer.start()
        defer { informer.stop() }
        while true {
            try run("watch \(resource.path())") { !untold.news.isEmpty }
            for news in untold.take() where !body(informer, news) { return }
        }
    }

    /// What an informer has said since somebody listened.
    private final class Untold<Content: Projection> {
        var news: [Informer<Content>.News] = []

        func take() -> [Informer<Content>.News] {
            let taken = news
            news = []
            return taken
        }
    }

    private func run(_ operation: String, until isOver: () -> Bool) throws(APIFailure) {
        while !isOver() {
            if cancellation.isCancelled { throw cancelled(operation) }
            do throws(SystemError) {
                try loop.run()
            } catch {
                throw APIFailure(.transport(.broken), operation: operation, message: error.description)
            }
        }
    }

    private func cancelled(_ operation: String) -> APIFailure {
        APIFailure(.transport(.cancelled), operation: operation, message: "cancelled")
    }
}
