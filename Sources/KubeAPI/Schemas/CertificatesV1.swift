/// The schema of `certificates.k8s.io/v1`; `SchemaText` describes the notation.
enum CertificatesV1 {
    static let text = SchemaText(
        "certificates.k8s.io/v1", package: "io.k8s.api.certificates.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        certificatesigningrequests CertificateSigningRequest short(csr)
          approval CertificateSigningRequest get,patch,update
          status CertificateSigningRequest get,patch,update
        """

    private static let messages = """
        CertificateSigningRequest kind
          metadata 1 ObjectMeta always
          spec 2 CertificateSigningRequestSpec required always
          status 3 CertificateSigningRequestStatus always
        CertificateSigningRequestCondition
          type 1 string required
          status 6 string required
          reason 2 string
          message 3 string
          lastUpdateTime 4 Time
          lastTransitionTime 5 Time
        CertificateSigningRequestSpec
          request 1 bytes required
          signerName 7 string required
          expirationSeconds 8 int32?
          usages 5 [string]
          username 2 string
          uid 3 string
          groups 4 [string]
          extra 6 {ExtraValue}
        CertificateSigningRequestStatus
          conditions 1 [CertificateSigningRequestCondition] map(type)
          certificate 2 bytes
        """
}
