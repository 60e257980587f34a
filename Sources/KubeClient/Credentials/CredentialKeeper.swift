internal import Daemon
internal import HTTP
internal import Linux

/// The present credentials: reads token files again, runs exec plugins, and remembers what they said while it holds.
final class CredentialKeeper {
    private let source: CredentialSource
    private let loop: EventLoop
    private let cluster: ClusterAccess
    private var current: (credential: Credential, until: MonotonicTime?)?
    private var runner: ExecRunner?
    private var waiting: [(Result<Credential, CredentialFailure>) -> Void] = []
    /// A plugin that failed is not run again for each request of a burst.
    private var failure: (error: CredentialFailure, until: MonotonicTime)?

    /// How long a token file's content is believed; service account tokens are renewed long before their end.
    static let fileInterval = Duration.seconds(60)
    private static let failurePause = Duration.seconds(1)

    init(_ source: CredentialSource, _ loop: EventLoop, cluster: ClusterAccess) {
        self.source = source
        self.loop = loop
        self.cluster = cluster
    }

    /// Hands over the credentials, at once where they are known.
    func credential(_ done: @escaping (Result<Credential, CredentialFailure>) -> Void) {
        if let current, current.until.map({ .now < $0 }) ?? true { return done(.success(current.credential)) }
        switch source {
        case .fixed(let credential): done(.success(credential))
        case .tokenFile(let path, let base): done(read(path, base))
        case .exec(let plugin, let base):
            if let failure, .now < failure.until { return done(.failure(failure.error)) }
            waiting.append(done)
            if waiting.count > 1 { return }
            let runner = self.runner ?? ExecRunner(plugin, loop)
            self.runner = runner
            runner.start(cluster) { [weak self] in self?.take($0, base) }
        }
    }

    /// The server has refused these. Whether asking again may give others.
    func renew(after refused: Credential) -> Bool {
        if case .fixed = source { return false }
        // Another call has renewed them meanwhile.
        if let current, current.credential != refused { return true }
        current = nil
        return true
    }

    private func read(_ path: String, _ base: Credential) -> Result<Credential, CredentialFailure> {
        do throws(SystemError) {
            let text = try Files.readText(path, limit: 1 << 20)
            let token = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
            guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw SystemError("use the token in", path, .invalid)
            }
            var credential = base
            credential.token = token
            current = (credential, .now + Self.fileInterval)
            return .success(credential)
        } catch {
            // One that cannot be read for a moment does not take away the one that we have.
            if let current { return .success(current.credential) }
            return .failure(CredentialFailure(reason: error.description))
        }
    }

    private func take(_ result: Result<ExecCredential, CredentialFailure>, _ base: Credential) {
        let answer: Result<Credential, CredentialFailure>
        switch result {
        case .success(let said):
            var credential = base
            if let token = said.token { credential.token = token }
            if let certificate = said.certificate { credential.certificate = .text(Array(certificate.utf8)) }
            if let key = said.key { credential.key = .text(Array(key.utf8)) }
            current = (credential, said.lifetime.map { .now + $0 })
            failure = nil
            answer = .success(credential)
        case .failure(let error):
            failure = (error, .now + Self.failurePause)
            answer = .failure(error)
        }
        let handlers = waiting
        waiting = []
        for handler in handlers { handler(answer) }
    }
}
