import Testing

/// One server for all tests of a suite, which begins with the first and ends with the last.
struct OneLiveServer: SuiteTrait, TestScoping {
    @TaskLocal static var current: LiveServer?
    let arguments: [String]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let server = try LiveServer(arguments)
        defer { server.stop() }
        try await Self.$current.withValue(server) { try await function() }
    }
}

extension Trait where Self == OneLiveServer {
    static func oneLiveServer(_ arguments: String...) -> Self { OneLiveServer(arguments: arguments) }
}
