/// The schema of `authorization.k8s.io/v1`; `SchemaText` describes the notation.
enum AuthorizationV1 {
    static let text = SchemaText(
        "authorization.k8s.io/v1", package: "io.k8s.api.authorization.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        localsubjectaccessreviews LocalSubjectAccessReview namespaced verbs(create)
        selfsubjectaccessreviews SelfSubjectAccessReview verbs(create)
        selfsubjectrulesreviews SelfSubjectRulesReview verbs(create)
        subjectaccessreviews SubjectAccessReview verbs(create)
        """

    private static let messages = """
        FieldSelectorAttributes
          rawSelector 1 string
          requirements 2 [FieldSelectorRequirement]
        LabelSelectorAttributes
          rawSelector 1 string
          requirements 2 [LabelSelectorRequirement]
        LocalSubjectAccessReview kind
          metadata 1 ObjectMeta always
          spec 2 SubjectAccessReviewSpec required always
          status 3 SubjectAccessReviewStatus always
        NonResourceAttributes
          path 1 string
          verb 2 string
        NonResourceRule
          verbs 1 [string] required
          nonResourceURLs 2 [string]
        ResourceAttributes
          namespace 1 string
          verb 2 string
          group 3 string
          version 4 string
          resource 5 string
          subresource 6 string
          name 7 string
          fieldSelector 8 FieldSelectorAttributes
          labelSelector 9 LabelSelectorAttributes
        ResourceRule
          verbs 1 [string] required
          apiGroups 2 [string]
          resources 3 [string]
          resourceNames 4 [string]
        SelfSubjectAccessReview kind
          metadata 1 ObjectMeta always
          spec 2 SelfSubjectAccessReviewSpec required always
          status 3 SubjectAccessReviewStatus always
        SelfSubjectAccessReviewSpec
          resourceAttributes 1 ResourceAttributes
          nonResourceAttributes 2 NonResourceAttributes
        SelfSubjectRulesReview kind
          metadata 1 ObjectMeta always
          spec 2 SelfSubjectRulesReviewSpec required always
          status 3 SubjectRulesReviewStatus always
        SelfSubjectRulesReviewSpec
          namespace 1 string
        SubjectAccessReview kind
          metadata 1 ObjectMeta always
          spec 2 SubjectAccessReviewSpec required always
          status 3 SubjectAccessReviewStatus always
        SubjectAccessReviewSpec
          resourceAttributes 1 ResourceAttributes
          nonResourceAttributes 2 NonResourceAttributes
          user 3 string
          groups 4 [string]
          extra 5 {ExtraValue}
          uid 6 string
        SubjectAccessReviewStatus
          allowed 1 bool required
          denied 4 bool
          reason 2 string
          evaluationError 3 string
        SubjectRulesReviewStatus
          resourceRules 1 [ResourceRule] required
          nonResourceRules 2 [NonResourceRule] required
          incomplete 3 bool required
          evaluationError 4 string
        """
}
