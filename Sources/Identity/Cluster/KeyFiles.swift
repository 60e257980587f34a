internal import Crypto
internal import Linux

/// A directory of PEM files: `NAME.crt`, readable by everybody, and `NAME.key`, by its owner only.
struct KeyFiles {
    let directory: String

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Nil when the file is absent.
    func certificate(_ name: String) throws(ClusterSecretsError) -> Certificate? {
        guard let text = try text("\(name).crt") else { return nil }
        do throws(CryptoError) { return try Certificate(pem: text) } catch {
            throw ClusterSecretsError(file: path("\(name).crt"), cause: error.description)
        }
    }

    func key(_ name: String) throws(ClusterSecretsError) -> PrivateKey? {
        guard let text = try text("\(name).key") else { return nil }
        do throws(CryptoError) { return try PrivateKey(pem: text) } catch {
            throw ClusterSecretsError(file: path("\(name).key"), cause: error.description)
        }
    }

    func text(_ name: String) throws(ClusterSecretsError) -> String? {
        do throws(SystemError) { return try Files.readText(path(name), limit: 1 << 20) } catch {
            if error.isNotFound { return nil }
            throw ClusterSecretsError(file: path(name), cause: error.description)
        }
    }

    /// The key first: a certificate without its key is never on the disk.
    func write(_ name: String, _ certificate: Certificate, _ key: PrivateKey) throws(ClusterSecretsError) {
        try write(name, key)
        try write("\(name).crt", certificate.pem(), mode: 0o644)
    }

    func write(_ name: String, _ key: PrivateKey) throws(ClusterSecretsError) {
        let pem: String
        do throws(CryptoError) { pem = try key.pem() } catch {
            throw ClusterSecretsError(file: path("\(name).key"), cause: error.description)
        }
        try write("\(name).key", pem, mode: 0o600)
    }

    func write(_ name: String, _ text: String, mode: UInt32) throws(ClusterSecretsError) {
        do throws(SystemError) { try Files.replace(path(name), text.utf8, mode: mode, sync: true) } catch {
            throw ClusterSecretsError(file: path(name), cause: error.description)
        }
    }
}

/// A file of the cluster's keys that cannot be read, written or used.
package struct ClusterSecretsError: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String
    package var cause: String

    package var description: String { "cluster secrets: \(file): \(cause)" }
}
