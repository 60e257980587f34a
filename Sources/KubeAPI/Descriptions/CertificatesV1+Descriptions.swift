extension CertificatesV1 {
    static let descriptions = """
        CertificateSigningRequest: Asks for a certificate.
          spec: The request; cannot be changed.
          status: The decision, and the certificate.
        CertificateSigningRequestCondition: Approval, denial or failure of a request.
          @Condition
          type: Approved, Denied or Failed; Approved and Denied are for good, and only one of both may be there.
          status: True, False or Unknown; True for the types above.
          lastUpdateTime: When the condition was last written.
        CertificateSigningRequestSpec: A request for a certificate.
          request: The request in PEM (PKCS #10), in base64.
          signerName: Who is to sign, such as "kubernetes.io/kube-apiserver-client".
          expirationSeconds: Seconds that the certificate should live, at least 600; the signer's choice when nothing is
            said.
          usages: What the key is for, such as "client auth" or "digital signature".
          username: The name of whoever asks; set by the server.
          uid: The UID of whoever asks; set by the server.
          groups: The groups of whoever asks; set by the server.
          extra: What else is known about whoever asks; set by the server.
        CertificateSigningRequestStatus: What was last seen of a CertificateSigningRequest.
          conditions: What was decided.
          certificate: The certificate in PEM, with those of its authorities, in base64.
        """
}
