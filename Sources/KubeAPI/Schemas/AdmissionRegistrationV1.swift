/// The schema of `admissionregistration.k8s.io/v1`; `SchemaText` describes the notation.
enum AdmissionRegistrationV1 {
    static let text = SchemaText(
        "admissionregistration.k8s.io/v1", package: "io.k8s.api.admissionregistration.v1", resources: resources,
        messages: [messages], descriptions: [descriptions])

    private static let resources = """
        mutatingadmissionpolicies MutatingAdmissionPolicy categories(api-extensions)
        mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding categories(api-extensions)
        mutatingwebhookconfigurations MutatingWebhookConfiguration categories(api-extensions)
        validatingadmissionpolicies ValidatingAdmissionPolicy categories(api-extensions)
          status ValidatingAdmissionPolicy get,patch,update
        validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding categories(api-extensions)
        validatingwebhookconfigurations ValidatingWebhookConfiguration categories(api-extensions)
        """

    private static let messages = """
        ApplyConfiguration
          expression 1 string
        AuditAnnotation
          key 1 string required
          valueExpression 2 string required
        ExpressionWarning
          fieldRef 2 string required
          warning 3 string required
        JSONPatch
          expression 1 string
        MatchCondition
          name 1 string required notEmpty
          expression 2 string required notEmpty
        MatchResources atomic
          namespaceSelector 1 LabelSelector default({})
          objectSelector 2 LabelSelector default({})
          resourceRules 3 [NamedRuleWithOperations]
          excludeResourceRules 4 [NamedRuleWithOperations]
          matchPolicy 7 string? enum(Equivalent,Exact) default("Equivalent")
        MutatingAdmissionPolicy kind
          metadata 1 ObjectMeta always
          spec 2 MutatingAdmissionPolicySpec always
        MutatingAdmissionPolicyBinding kind
          metadata 1 ObjectMeta always
          spec 2 MutatingAdmissionPolicyBindingSpec always
        MutatingAdmissionPolicyBindingSpec
          policyName 1 string notEmpty
          paramRef 2 ParamRef
          matchResources 3 MatchResources
        MutatingAdmissionPolicySpec
          paramKind 1 ParamKind
          matchConstraints 2 MatchResources
          variables 3 [Variable]
          mutations 4 [Mutation]
          failurePolicy 5 string? enum(Fail,Ignore) default("Fail")
          matchConditions 6 [MatchCondition] map(name) merge(name)
          reinvocationPolicy 7 string enum(IfNeeded,Never) default("Never")
        MutatingWebhook
          name 1 string required notEmpty
          clientConfig 2 WebhookClientConfig required always
          rules 3 [RuleWithOperations]
          failurePolicy 4 string? enum(Fail,Ignore) default("Fail")
          matchPolicy 9 string? enum(Equivalent,Exact) default("Equivalent")
          namespaceSelector 5 LabelSelector default({})
          objectSelector 11 LabelSelector default({})
          sideEffects 6 string? required notEmpty enum(None,NoneOnDryRun)
          timeoutSeconds 7 int32? default(10)
          admissionReviewVersions 8 [string] required notEmpty
          reinvocationPolicy 10 string? enum(IfNeeded,Never) default("Never")
          matchConditions 12 [MatchCondition] map(name) merge(name)
        MutatingWebhookConfiguration kind
          metadata 1 ObjectMeta always
          webhooks 2 [MutatingWebhook] map(name) merge(name)
        Mutation
          patchType 2 string required enum(ApplyConfiguration,JSONPatch)
          applyConfiguration 3 ApplyConfiguration
          jsonPatch 4 JSONPatch
        NamedRuleWithOperations atomic
          resourceNames 1 [string]
          @2 RuleWithOperations
        ParamKind atomic
          apiVersion 1 string
          kind 2 string
        ParamRef atomic
          name 1 string
          namespace 2 string
          selector 3 LabelSelector
          parameterNotFoundAction 4 string? enum(Allow,Deny)
        Rule
          apiGroups 1 [string]
          apiVersions 2 [string]
          resources 3 [string]
          scope 4 string? enum(*,Cluster,Namespaced) default("*")
        RuleWithOperations
          operations 1 [string]
          @2 Rule
        ServiceReference
          namespace 1 string required notEmpty
          name 2 string required notEmpty
          path 3 string?
          port 4 int32? default(443)
        TypeChecking
          expressionWarnings 1 [ExpressionWarning]
        ValidatingAdmissionPolicy kind
          metadata 1 ObjectMeta always
          spec 2 ValidatingAdmissionPolicySpec always
          status 3 ValidatingAdmissionPolicyStatus always
        ValidatingAdmissionPolicyBinding kind
          metadata 1 ObjectMeta always
          spec 2 ValidatingAdmissionPolicyBindingSpec always
        ValidatingAdmissionPolicyBindingSpec
          policyName 1 string notEmpty
          paramRef 2 ParamRef
          matchResources 3 MatchResources
          validationActions 4 [string] set notEmpty enum(Audit,Deny,Warn)
        ValidatingAdmissionPolicySpec
          paramKind 1 ParamKind
          matchConstraints 2 MatchResources
          validations 3 [Validation]
          failurePolicy 4 string? enum(Fail,Ignore) default("Fail")
          auditAnnotations 5 [AuditAnnotation]
          matchConditions 6 [MatchCondition] map(name) merge(name)
          variables 7 [Variable] map(name) merge(name)
        ValidatingAdmissionPolicyStatus
          observedGeneration 1 int64
          typeChecking 2 TypeChecking
          conditions 3 [Condition] map(type)
        ValidatingWebhook
          name 1 string required notEmpty
          clientConfig 2 WebhookClientConfig required always
          rules 3 [RuleWithOperations]
          failurePolicy 4 string? enum(Fail,Ignore) default("Fail")
          matchPolicy 9 string? enum(Equivalent,Exact) default("Equivalent")
          namespaceSelector 5 LabelSelector default({})
          objectSelector 10 LabelSelector default({})
          sideEffects 6 string? required notEmpty enum(None,NoneOnDryRun)
          timeoutSeconds 7 int32? default(10)
          admissionReviewVersions 8 [string] required notEmpty
          matchConditions 11 [MatchCondition] map(name) merge(name)
        ValidatingWebhookConfiguration kind
          metadata 1 ObjectMeta always
          webhooks 2 [ValidatingWebhook] map(name) merge(name)
        Validation
          expression 1 string required notEmpty
          message 2 string
          reason 3 string?
          messageExpression 4 string
        Variable atomic
          name 1 string required notEmpty
          expression 2 string required notEmpty
        WebhookClientConfig
          url 3 string?
          service 1 ServiceReference
          caBundle 2 bytes
        """
}
