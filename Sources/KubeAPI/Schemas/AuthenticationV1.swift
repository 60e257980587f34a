/// The schema of `authentication.k8s.io/v1`; `SchemaText` describes the notation.
enum AuthenticationV1 {
    static let text = SchemaText(
        "authentication.k8s.io/v1", package: "io.k8s.api.authentication.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        selfsubjectreviews SelfSubjectReview verbs(create)
        tokenreviews TokenReview verbs(create)
        """

    private static let messages = """
        BoundObjectReference
          kind 1 string
          apiVersion 2 string
          name 3 string
          uid 4 string
        SelfSubjectReview kind
          metadata 1 ObjectMeta always
          status 2 SelfSubjectReviewStatus always
        SelfSubjectReviewStatus
          userInfo 1 UserInfo always
        TokenRequest kind
          metadata 1 ObjectMeta always
          spec 2 TokenRequestSpec always
          status 3 TokenRequestStatus always
        TokenRequestSpec
          audiences 1 [string]
          expirationSeconds 4 int64? default(3600)
          boundObjectRef 3 BoundObjectReference
        TokenRequestStatus
          token 1 string
          expirationTimestamp 2 Time
        TokenReview kind
          metadata 1 ObjectMeta always
          spec 2 TokenReviewSpec required always
          status 3 TokenReviewStatus always
        TokenReviewSpec
          token 1 string required
          audiences 2 [string]
        TokenReviewStatus
          authenticated 1 bool
          user 2 UserInfo always
          audiences 4 [string]
          error 3 string
        UserInfo
          username 1 string
          uid 2 string
          groups 3 [string]
          extra 4 {ExtraValue}
        """
}
