internal import Crypto
internal import Linux

/// One pass over the directory: what is missing is made, what is near its end is made anew.
struct ClusterSecretsLoader {
    let settings: ClusterSecrets.Settings
    let files: KeyFiles
    let now: Int
    private var written: [String] = []

    init(settings: ClusterSecrets.Settings, files: KeyFiles, now: Int) {
        self.settings = settings
        self.files = files
        self.now = now
    }

    mutating func load() throws(ClusterSecretsError) -> ClusterSecrets {
        let authority = try loadAuthority()
        let (certificate, key) = try loadServer(authority)
        let tokenKeys = try loadTokenKeys()
        let kubeconfigPath = settings.kubeconfigPath ?? files.path("admin.kubeconfig")
        try loadKubeconfig(kubeconfigPath, authority)
        return ClusterSecrets(
            authority: authority, serverCertificate: certificate, serverKey: key, tokenKeys: tokenKeys,
            kubeconfigPath: kubeconfigPath, written: written)
    }

    private mutating func loadAuthority() throws(ClusterSecretsError) -> CertificateAuthority {
        let object = files.path("ca.crt")
        switch (try files.certificate("ca"), try files.key("ca")) {
        case (let certificate?, let key?):
            let authority = try Self.named(object) { () throws(CryptoError) in
                try CertificateAuthority(certificate: certificate, key: key)
            }
            if certificate.notAfter <= now { throw ClusterSecretsError(file: object, cause: "it has expired") }
            return authority
        case (_?, nil):
            throw ClusterSecretsError(file: files.path("ca.key"), cause: "it is missing, and ca.crt is there")
        case (nil, _):
            // A key alone is what a crash before the certificate leaves; nothing rests on it yet.
            let authority = try Self.named(object) { () throws(CryptoError) in try ClusterSecrets.newAuthority(now: now)
            }
            try files.write("ca", authority.certificate, authority.key)
            written.append(object)
            return authority
        }
    }

    private mutating func loadServer(_ authority: CertificateAuthority) throws(ClusterSecretsError) -> (
        Certificate, PrivateKey
    ) {
        let object = files.path("apiserver.crt")
        let wanted = settings.serverNames
        if let certificate = try files.certificate("apiserver"), let key = try files.key("apiserver"),
            certificate.matches(key), isGood(certificate, authority, for: .server),
            Set(wanted.dns).isSubset(of: certificate.names.dns),
            Set(wanted.addresses).isSubset(of: certificate.names.addresses)
        {
            return (certificate, key)
        }
        let (certificate, key) = try Self.named(object) { () throws(CryptoError) in
            let key = try PrivateKey.generate(.p256)
            let template = ClusterSecrets.template(
                "kube-apiserver", [], [.serverAuth, .clientAuth], names: wanted, now: now)
            return (try authority.issue(template, for: try key.publicKey()), key)
        }
        try files.write("apiserver", certificate, key)
        written.append(object)
        return (certificate, key)
    }

    /// Whether it is of this authority and not near its end. An authority that ends itself soon makes no better ones.
    private func isGood(
        _ certificate: Certificate, _ authority: CertificateAuthority, for purpose: CertificateVerifier.Purpose
    ) -> Bool {
        guard let verifier = try? CertificateVerifier(roots: [authority.certificate]) else { return false }
        guard (try? verifier.verify([certificate], for: purpose, at: now)) != nil else { return false }
        return certificate.notAfter - now > ClusterSecrets.renewalMargin
            || certificate.notAfter == authority.certificate.notAfter
    }

    private mutating func loadTokenKeys() throws(ClusterSecretsError) -> TokenKeys {
        let object = files.path("sa.key")
        let key: PrivateKey
        if let stored = try files.key("sa") {
            key = stored
        } else {
            key = try Self.named(object) { () throws(CryptoError) in try PrivateKey.generate(.p256) }
            try files.write("sa", key)
            written.append(object)
        }
        let others = try files.text("sa.pub")
        return try Self.named(files.path("sa.pub")) { () throws(CryptoError) in
            try TokenKeys(
                signing: key,
                others: try others.map { (text) throws(CryptoError) in
                    try PublicKey.all(pem: text)
                } ?? [])
        }
    }

    /// The kubeconfig is the only place of the admin's key, so that is where its certificate is looked at.
    private mutating func loadKubeconfig(_ path: String, _ authority: CertificateAuthority) throws(ClusterSecretsError)
    {
        if let certificate = try files.certificate("admin"), isGood(certificate, authority, for: .client),
            let key = try files.key("admin"), certificate.matches(key)
        {
            let config = try kubeconfig(authority, certificate, key)
            let existing = try? Files.readText(path)
            if existing == config.text { return }
            try write(path, config)
            return
        }
        let (certificate, key) = try Self.named(path) { () throws(CryptoError) in
            let key = try PrivateKey.generate(.p256)
            let template = ClusterSecrets.template(
                "kubernetes-admin", [User.Group.masters], [.clientAuth], now: now)
            return (try authority.issue(template, for: try key.publicKey()), key)
        }
        try files.write("admin", certificate, key)
        try write(path, try kubeconfig(authority, certificate, key))
    }

    private func kubeconfig(_ authority: CertificateAuthority, _ certificate: Certificate, _ key: PrivateKey)
        throws(ClusterSecretsError) -> Kubeconfig
    {
        let pem = try Self.named(files.path("admin.key")) { () throws(CryptoError) in try key.pem() }
        return Kubeconfig(
            server: settings.serverURL, user: certificate.subject.commonName, authorities: authority.certificate.pem(),
            certificate: certificate.pem(), key: pem)
    }

    private mutating func write(_ path: String, _ config: Kubeconfig) throws(ClusterSecretsError) {
        do throws(SystemError) {
            if let slash = path.lastIndex(of: "/") { try Files.makeDirectories(String(path[..<slash]), mode: 0o700) }
            try Files.replace(path, config.text.utf8, mode: 0o600, sync: true)
        } catch {
            throw ClusterSecretsError(file: path, cause: error.description)
        }
        written.append(path)
    }

    private static func named<Value>(_ file: String, _ body: () throws(CryptoError) -> Value)
        throws(ClusterSecretsError) -> Value
    {
        do throws(CryptoError) { return try body() } catch {
            throw ClusterSecretsError(file: file, cause: error.description)
        }
    }
}
