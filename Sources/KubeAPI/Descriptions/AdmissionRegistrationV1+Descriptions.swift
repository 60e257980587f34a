extension AdmissionRegistrationV1 {
    static let descriptions = """
        ApplyConfiguration: Fields that are applied, as server-side apply does.
          expression: A CEL expression that makes the fields to apply, as an Object.
        AuditAnnotation: A name and a text for the audit log.
          key: The annotation's name; the policy's name and "/" come before it.
          valueExpression: A CEL expression that makes the text; null adds nothing.
        ExpressionWarning: Something odd about an expression.
          fieldRef: The field of the expression, such as "spec.validations[0].expression".
          warning: What is odd, with the type for which it was checked.
        JSONPatch: Operations as RFC 6902 describes them.
          expression: A CEL expression that makes the operations, as a list of JSONPatch.
        MatchCondition: A condition that a request must meet.
          name: The condition's name, unique in its list.
          expression: A CEL expression that is true for such requests.
        MatchResources: Which requests are meant; all of these must hold.
          namespaceSelector: Finds the namespaces of the objects by their labels; all when empty. Objects of the whole
            cluster are always meant.
          objectSelector: Finds the objects by their labels; all when empty.
          resourceRules: The operations on resources that are meant; one is enough.
          excludeResourceRules: Those that are not meant all the same.
          matchPolicy: Exact takes the rules literally, Equivalent counts other versions of a resource too; Equivalent
            when nothing is said.
        MutatingAdmissionPolicy: Changes objects as they are written, by CEL expressions; stored here, and not
            evaluated.
          spec: Which objects, and what changes.
        MutatingAdmissionPolicyBinding: Puts a MutatingAdmissionPolicy into force, with parameters.
          spec: Which policy, and for which objects.
        MutatingAdmissionPolicyBindingSpec: Where a policy is in force.
          policyName: The policy.
          paramRef: The policy's parameters, if it has any.
          matchResources: Which of the policy's requests; all when nothing is said.
        MutatingAdmissionPolicySpec: What a policy changes.
          paramKind: The kind of the policy's parameters; none when nothing is said.
          matchConstraints: Which requests; needed.
          variables: Values for the expressions; each may use those before it.
          mutations: The changes, one after another.
          failurePolicy: What happens when the policy cannot be evaluated: Fail refuses the request, Ignore goes on;
            Fail when nothing is said.
          matchConditions: Further conditions on the request, 64 at most; all must hold.
          reinvocationPolicy: Never runs the policy once, IfNeeded again when something else has changed the object
            since; Never when nothing is said.
        MutatingWebhook: A service that may change objects as they are written.
          @ValidatingWebhook
          reinvocationPolicy: Never calls the webhook once, IfNeeded again when something else has changed the object
            since; Never when nothing is said.
        MutatingWebhookConfiguration: Services that may change objects as they are written; stored here, and not called.
          webhooks: The services.
        Mutation: A change.
          patchType: ApplyConfiguration or JSONPatch: which of the two follows.
          applyConfiguration: A change that is merged into the object.
          jsonPatch: A change in the form of a JSON patch.
        NamedRuleWithOperations: Some operations on objects.
          @RuleWithOperations
          resourceNames: The names of the objects; all when empty.
        ParamKind: The kind of a policy's parameters.
          apiVersion: The kind's group and version.
          kind: The kind's name.
        ParamRef: A policy's parameters.
          name: The object's name; not with selector.
          namespace: The object's namespace, if its kind has one; that of the request when nothing is said.
          selector: Finds objects by their labels, instead of the name; the policy is evaluated with each.
          parameterNotFoundAction: What happens when there is no such object: Allow skips the policy, Deny refuses the
            request; needed.
        RuleWithOperations: Some operations on resources; all of these must hold.
          operations: CREATE, UPDATE, DELETE, CONNECT; or "*" for all.
          apiGroups: The groups of the resources; "" for the core group, "*" for all.
          apiVersions: The versions of the resources; "*" for all.
          resources: The resources, such as "pods", "pods/log", "pods/*" or "*/scale"; "*" for all without subresources,
            "*/*" for all.
          scope: Cluster, Namespaced or "*": which resources by their scope; "*" when nothing is said.
        ServiceReference: A Service that takes requests.
          namespace: The Service's namespace.
          name: The Service's name.
          path: The path of the requests; "/" when nothing is said.
          port: The Service's port; 443 when nothing is said.
        TypeChecking: What was found when a policy's expressions were checked.
          expressionWarnings: What is odd about them.
        ValidatingAdmissionPolicy: Refuses objects as they are written, by CEL expressions; stored here, and not
            evaluated.
          spec: Which objects, and what must be true of them.
          status: What was found when the expressions were checked.
        ValidatingAdmissionPolicyBinding: Puts a ValidatingAdmissionPolicy into force, with parameters.
          spec: Which policy, for which objects, and what follows.
        ValidatingAdmissionPolicyBindingSpec: Where a policy is in force.
          policyName: The policy.
          paramRef: The policy's parameters, if it has any.
          matchResources: Which of the policy's requests; all when nothing is said.
          validationActions: What follows when it does not hold: Deny refuses the request, Warn tells the client, Audit
            the audit log. Not Deny and Warn together.
        ValidatingAdmissionPolicySpec: What is wanted of a ValidatingAdmissionPolicy.
          paramKind: The kind of the policy's parameters; none when nothing is said.
          matchConstraints: Which requests; needed.
          validations: What must be true; this or auditAnnotations must be there.
          failurePolicy: What happens when the policy cannot be evaluated: Fail refuses the request, Ignore goes on;
            Fail when nothing is said.
          auditAnnotations: What is added to the audit log.
          matchConditions: Further conditions on the request, 64 at most; all must hold.
          variables: Values for the expressions, under "variables.NAME"; each may use those before it.
        ValidatingAdmissionPolicyStatus: What was found about a policy.
          observedGeneration: The generation of the spec that was last checked.
          typeChecking: What was found when the expressions were checked; nothing before that.
          conditions: Findings about the policy.
        ValidatingWebhook: A service that may refuse objects as they are written.
          name: The webhook's name, in full: "image-policy.example.com".
          clientConfig: How it is called.
          rules: For which operations on resources it is called; one is enough.
          failurePolicy: What happens when it cannot be asked: Fail refuses the request, Ignore goes on; Fail when
            nothing is said.
          matchPolicy: Exact takes the rules literally, Equivalent counts other versions of a resource too; Equivalent
            when nothing is said.
          namespaceSelector: Finds the namespaces of the objects by their labels; all when empty. Objects of the whole
            cluster are always meant.
          objectSelector: Finds the objects by their labels; all when empty.
          sideEffects: None, or NoneOnDryRun when the webhook does more than answer, but not for dry runs.
          timeoutSeconds: Seconds to wait for an answer, from 1 to 30; 10 when nothing is said.
          admissionReviewVersions: The versions of AdmissionReview that it understands; the first that the server knows
            is used.
          matchConditions: Further conditions on the request, 64 at most; all must hold.
        ValidatingWebhookConfiguration: Services that may refuse objects as they are written; stored here, and not
            called.
          webhooks: The services.
        Validation: Something that must be true.
          expression: A CEL expression, with object, oldObject, request, params and others; the request is refused when
            it is false.
          message: What the client is told then; one line.
          reason: The reason in the answer: Unauthorized, Forbidden, Invalid or RequestEntityTooLarge; Invalid when
            nothing is said.
          messageExpression: A CEL expression that makes the message; message when it fails or makes nothing.
        Variable: A value with a name.
          name: The name in CEL.
          expression: A CEL expression that makes the value; only when somebody uses it.
        WebhookClientConfig: How a webhook is called; either a URL or a Service.
          url: The webhook's URL, which begins with "https://".
          service: The webhook's Service.
          caBundle: Certificates of the authorities that the webhook's certificate may come from, in PEM; the system's
            when nothing is said.
        """
}
