internal import Crypto
internal import Daemon
internal import HTTP
internal import Identity
internal import JSON
internal import KubeAPI
internal import Linux
internal import NetTypes

/// Who may do what on this server: its keys, its ways to authenticate, and the policy, which follows the objects in the
/// cache.
final class ClusterAccess {
    private let server: APIServer
    private let authorizer = Authorizer()
    private let authenticator: Authenticator
    private let issuer: TokenIssuer
    private let settings: ClusterSecrets.Settings
    private let controllers: ControllerChoice
    private var secrets: ClusterSecrets
    private var tls: TLSServerContext?
    /// With what kubelets are asked, and until when (seconds since 1970).
    private var kubeletClient: (context: TLSClientContext, until: Int)?
    private let kubeletAuthority: [UInt8]?

    /// Resources that authorisation follows.
    private static let followed: [StoragePrefix: String] = [
        .roles: "roles", .clusterRoles: "clusterroles", .roleBindings: "rolebindings",
        .clusterRoleBindings: "clusterrolebindings", .pods: "pods", .persistentVolumes: "persistentvolumes",
        StoragePrefix("volumeattachments"): "volumeattachments", StoragePrefix("resourceslices"): "resourceslices",
    ]

    init(_ options: ServerOptions, _ secrets: ClusterSecrets, _ server: APIServer) throws {
        self.server = server
        self.secrets = secrets
        settings = options.secretSettings
        controllers = options.controllers
        kubeletAuthority = try options.kubeletAuthority.map { (path) throws(SystemError) in
            Array(try Files.readText(path).utf8)
        }
        issuer = TokenIssuer(issuer: "https://kubernetes.default.svc.cluster.local", keys: secrets.tokenKeys)
        var sources = Authenticator.Sources()
        sources.serviceAccounts = TokenVerifier(issuer: issuer, lookup: Self.lookup(server))
        sources.audiences = issuer.audiences
        sources.bootstrapSecret = { [server] name in
            server.object(.secrets, namespace: "kube-system", name: name)
        }
        if let file = options.tokenFile { sources.staticTokens = try StaticTokens(Files.readText(file)) }
        authenticator = Authenticator(sources)
    }

    private static func lookup(_ server: APIServer) -> BoundObject.Lookup {
        { [weak server] kind, namespace, name in
            let storage: StoragePrefix =
                switch kind {
                case .serviceAccount: .serviceAccounts
                case .pod: .pods
                case .secret: .secrets
                case .node: .nodes
                }
            return server?.cache.object(storage, namespace: namespace, name: name).map { BoundObject(kind, $0) }
        }
    }

    func tlsContext() throws(CryptoError) -> TLSServerContext {
        let context = try TLSServerContext(
            certificate: Array(secrets.serverCertificate.pem().utf8), key: Array(try secrets.serverKey.pem().utf8),
            clientAuthorities: authorities)
        tls = context
        server.loop.every(.seconds(3600)) { [weak self] in self?.renewCertificates() }
        return context
    }

    private var authorities: [UInt8] { Array(secrets.authority.certificate.pem().utf8) }

    /// Certificates that are near their end are made anew; connections to come see the new one.
    private func renewCertificates() {
        if Timestamp.now.seconds < secrets.renewalTime { return }
        do {
            secrets = try ClusterSecrets.load(settings, now: Timestamp.now.seconds)
            for file in secrets.written { server.log.info("key or certificate written", ["file": file]) }
            try tls?.reload(
                certificate: Array(secrets.serverCertificate.pem().utf8),
                key: Array(try secrets.serverKey.pem().utf8), clientAuthorities: authorities)
        } catch {
            server.log.error("certificates were not renewed", ["error": "\(error)"])
        }
    }

    var front: RequestFront.Access {
        RequestFront.Access(
            authenticate: { [authenticator] peer, authorization in
                do throws(APIStatus) {
                    return .success(
                        try authenticator.authenticate(peer.certificate, authorization: authorization, now: .now))
                } catch {
                    return .failure(error)
                }
            },
            authorize: { [authorizer] in authorizer.decide($0) })
    }

    /// Everything that policy rests on is in the cache; from here on it follows the changes.
    func loaded() {
        for (storage, resource) in Self.followed {
            server.cache[storage].forEach { object in
                self.apply(resource, object, isGone: false)
                return true
            }
        }
        server.observers.append { [weak self] change in
            guard let resource = Self.followed[change.storage] else { return }
            self?.apply(resource, change.object, isGone: change.kind == .deleted)
        }
    }

    private func apply(_ resource: String, _ object: CachedObject, isGone: Bool) {
        let value = isGone ? nil : object.decoded
        let (namespace, name) = (String(object.namespace), String(object.name))
        authorizer.policy.apply(resource: resource, namespace: namespace, name: name, object: value)
        authorizer.graph.apply(resource: resource, namespace: namespace, name: name, object: value)
    }

    /// What the server needs of this to do its work: reviews, tokens, the checks of admission, roles.
    func install() {
        let restriction = NodeRestriction(
            lookup: { [weak server] resource, namespace, name in
                guard let server, let type = server.types.all.first(where: { $0.groupResource == resource }) else {
                    return nil
                }
                return server.object(StoragePrefix(type), namespace: namespace, name: name)
            }, authorize: { [authorizer] in authorizer.decide($0) })
        let escalation = EscalationCheck(policy: authorizer.policy) { [authorizer] in authorizer.decide($0) }
        let signers = SignerCheck { [authorizer] in authorizer.decide($0) }
        server.admission.plugins += [
            NodeRestrictionPlugin(restriction), EscalationPlugin(escalation), SignerPlugin(signers),
        ]
        server.strategies[.serviceAccounts] = ServiceAccountStrategy(
            TokenRequestAction(issuer, lookup: Self.lookup(server), restriction: restriction))
        server.reviews = Reviews(authenticator: authenticator, authorizer: authorizer)
        let bootstrap = RBACBootstrap()
        let approval = NodeApproval { [authorizer] in authorizer.decide($0) }
        let authority = secrets.authority
        let further: [any Controller] = [
            bootstrap, RoleAggregationController(), CertificateRequestController.approving(approval),
            CertificateRequestController.signing({ authority }, now: { Timestamp.now.seconds }),
            CertificateRequestCleaner(),
            LegacyTokenController(keys: issuer.keys, authority: authority.certificate.pem()),
        ]
        server.controllers += further.filter { !controllers.never.contains($0.name) }
        server.pages.readiness.append(
            .init("poststarthook/rbac/bootstrap-roles") { [weak server] in
                bootstrap.isDone || server?.runsControllers == false ? nil : "roles are being written"
            })
        server.connections = Connections(
            server.loop,
            kubeletTLS: { [unowned self] () throws(CryptoError) in try self.clientContext(verifying: true) },
            unverifiedTLS: { [unowned self] () throws(CryptoError) in try self.clientContext(verifying: false) })
        addDocuments(server.pages)
    }

    /// Kubelets are shown a certificate of the cluster's, made when it is needed and for a day. What else is asked by TLS
    /// is shown none of ours.
    private func clientContext(verifying: Bool) throws(CryptoError) -> TLSClientContext {
        if !verifying { return try TLSClientContext() }
        let now = Timestamp.now.seconds
        if let kubeletClient, now < kubeletClient.until { return kubeletClient.context }
        let key = try PrivateKey.generate(.p256)
        let template = CertificateTemplate(
            subject: DistinguishedName(
                commonName: "kube-apiserver-kubelet-client", organizations: [User.Group.masters]),
            usages: [.clientAuth], notBefore: now - 300, notAfter: now + 86400)
        let certificate = try secrets.authority.issue(template, for: key.publicKey())
        let context = try TLSClientContext(certificate: certificate, key: key, authorities: kubeletAuthority)
        kubeletClient = (context, now + 43200)
        return context
    }

    /// Where others find out how to verify our tokens (OpenID Connect discovery).
    private func addDocuments(_ pages: Pages) {
        let keys = issuer.keys
        let url = "\(issuer.issuer)/openid/v1/jwks"
        let name = issuer.issuer
        pages.documents["/openid/v1/jwks"] = {
            (try? keys.webKeySet()).map { ("application/jwk-set+json", Array($0.serialized().utf8)) }
        }
        pages.documents["/.well-known/openid-configuration"] = {
            let document = keys.discoveryDocument(issuer: name, keySetURL: url)
            return ("application/json", Array(document.serialized().utf8))
        }
    }
}
