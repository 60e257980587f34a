/// All groups that are built in, in the order in which discovery lists them.
enum SchemaTexts {
    static let all: [SchemaText] = [
        CoreV1.text, APIRegistrationV1.text, AppsV1.text, EventsV1.text, AuthenticationV1.text, AuthorizationV1.text,
        AutoscalingV2.text, AutoscalingV1.text, BatchV1.text, CertificatesV1.text, NetworkingV1.text, PolicyV1.text,
        RBACV1.text,
        StorageV1.text, AdmissionRegistrationV1.text, APIExtensionsV1.text, SchedulingV1.text, CoordinationV1.text,
        NodeV1.text, DiscoveryV1.text,
        FlowControlV1.text, ResourceV1.text, MetaV1.text,
    ]

    /// Tells these texts from those of another build: documents made of them are known by it.
    static let digest = digest(of: all)

    static func digest(of texts: [SchemaText]) -> UInt64 {
        texts.reduce(FNV.offset) { digest, text in
            (text.messages + text.descriptions).reduce(digest) { FNV.hash($1, after: $0) }
        }
    }
}
