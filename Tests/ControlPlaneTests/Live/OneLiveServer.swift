import Testing

/// One server for all tests of a suite, which begins with the first and ends with the last.
struct OneLiveServer: SuiteTrait, TestScoping {
    @TaskLocal static var current: LiveServer?
    let arguments: [String]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let server = try LiveServer(arguments)
        do {
            try await Self.$current.withValue(server) { try await function() }
        } catch {
            server.stop()
            throw error
        }
        #expect(server.stop() == 0)
    }
}

extension Trait where Self == OneLiveServer {
    static func oneLiveServer(_ arguments: String...) -> Self { OneLiveServer(arguments: arguments) }
}
