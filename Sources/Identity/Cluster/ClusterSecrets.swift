package import Crypto
internal import Linux
package import NetTypes

/// The keys and certificates of a cluster, in one directory: made at the first start, read at every other, renewed before
/// they end. Whoever brings an authority of his own puts `ca.crt` and `ca.key` there first.
///
/// | file | what |
/// |---|---|
/// | `ca.crt`, `ca.key` | the cluster's authority: ten years |
/// | `apiserver.crt`, `apiserver.key` | the server's certificate: a year |
/// | `sa.key` | signs ServiceAccount tokens, P-256 or RSA; older keys that still verify may stand in `sa.pub` |
/// | `admin.crt`, `admin.key`, `admin.kubeconfig` | the client certificate of `kubernetes-admin`, of `system:masters` |
package struct ClusterSecrets: Sendable {
    package struct Settings: Hashable, Sendable {
        package var directory: String
        /// Where clients find the server: goes into its certificate, beside the names that every cluster has.
        package var names: SubjectNames
        /// The `kubernetes` Service's addresses.
        package var serviceAddresses: [IPAddress]
        package var clusterDomain = "cluster.local"
        /// What the admin kubeconfig says: `https://127.0.0.1:6443`.
        package var serverURL: String
        /// Where the admin kubeconfig is written; nil for the directory.
        package var kubeconfigPath: String?

        package init(directory: String, names: SubjectNames, serviceAddresses: [IPAddress], serverURL: String) {
            self.directory = directory
            self.names = names
            self.serviceAddresses = serviceAddresses
            self.serverURL = serverURL
        }
    }

    package let authority: CertificateAuthority
    package let serverCertificate: Certificate
    package let serverKey: PrivateKey
    package let tokenKeys: TokenKeys
    package let kubeconfigPath: String
    /// What this call wrote, for the log; empty when everything was there and good.
    package let written: [String]

    private static let day = 86400
    static let authorityLifetime = 3650 * day
    static let leafLifetime = 365 * day
    /// Leaf certificates are renewed this long before their end.
    static let renewalMargin = 30 * day
    /// Certificates begin a little in the past, for clients whose clocks are behind.
    private static let clockSkew = 300

    /// Makes or reads everything. Two servers that start at once with one directory take turns. `now` is in seconds since
    /// 1970. Throws when a file cannot be read, does not fit its neighbour, or the authority has ended.
    package static func load(_ settings: Settings, now: Int) throws(ClusterSecretsError) -> ClusterSecrets {
        let files = KeyFiles(directory: settings.directory)
        let lock: FileLock
        do throws(SystemError) {
            try Files.makeDirectories(settings.directory, mode: 0o700)
            lock = try FileLock("\(settings.directory)/.lock", mode: 0o600)
        } catch {
            throw ClusterSecretsError(file: settings.directory, cause: error.description)
        }
        var loader = ClusterSecretsLoader(settings: settings, files: files, now: now)
        let secrets = try loader.load()
        extendLifetime(lock)
        return secrets
    }

    init(
        authority: CertificateAuthority, serverCertificate: Certificate, serverKey: PrivateKey, tokenKeys: TokenKeys,
        kubeconfigPath: String, written: [String]
    ) {
        self.authority = authority
        self.serverCertificate = serverCertificate
        self.serverKey = serverKey
        self.tokenKeys = tokenKeys
        self.kubeconfigPath = kubeconfigPath
        self.written = written
    }

    /// When a certificate should be made anew (seconds since 1970): load again then, and use the new ones.
    package var renewalTime: Int {
        min(serverCertificate.notAfter, authority.certificate.notAfter) - Self.renewalMargin
    }

    static func template(
        _ user: String, _ groups: [String], _ usages: [CertificateTemplate.Usage], names: SubjectNames = SubjectNames(),
        now: Int
    ) -> CertificateTemplate {
        CertificateTemplate(
            subject: DistinguishedName(commonName: user, organizations: groups), names: names, usages: usages,
            notBefore: now - clockSkew, notAfter: now + leafLifetime)
    }

    /// A new authority, which begins a little in the past.
    static func newAuthority(now: Int) throws(CryptoError) -> CertificateAuthority {
        try .create(commonName: "kubernetes", notBefore: now - clockSkew, notAfter: now + authorityLifetime)
    }
}

extension ClusterSecrets.Settings {
    /// All names of the server's certificate.
    var serverNames: SubjectNames {
        var dns = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"]
        dns += ["kubernetes.default.svc.\(clusterDomain)", "localhost"]
        dns += names.dns.filter { !dns.contains($0) }
        var addresses = [IPAddress("127.0.0.1"), IPAddress("::1")].compactMap(\.self)
        for address in serviceAddresses + names.addresses where !addresses.contains(address) {
            addresses.append(address)
        }
        return SubjectNames(dns: dns, addresses: addresses)
    }
}
