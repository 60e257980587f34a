extension AuthorizationV1 {
    static let descriptions = """
        FieldSelectorAttributes: The field selector of a request; only one of these.
          rawSelector: The selector as text, as in a URL.
          requirements: The selector's conditions, one by one; all must hold.
        LabelSelectorAttributes: The label selector of a request; only one of these.
          rawSelector: The selector as text, as in a URL.
          requirements: The selector's conditions, one by one; all must hold.
        LocalSubjectAccessReview: Asks what somebody may do in one namespace.
          spec: Who, and what; its namespace must be that of the request.
          status: The answer.
        NonResourceAttributes: A path and a method.
          path: The path, such as "/healthz".
          verb: The HTTP method in lower case.
        NonResourceRule: Something that may be done with paths.
          verbs: The HTTP methods in lower case; "*" for all.
          nonResourceURLs: The paths; a "*" at the end for all below.
        ResourceAttributes: What a request for a resource is about.
          namespace: The namespace; all when empty, or none for a resource of the whole cluster.
          verb: What is done: get, list, watch, create, update, patch, delete or another; "*" for all.
          group: The resource's group; "*" for all.
          version: The resource's version; "*" for all.
          resource: The resource, such as "pods"; "*" for all.
          subresource: The subresource, such as "log"; none when empty.
          name: The object's name; all when empty.
          fieldSelector: The field selector, which may make a request allowed that is not without it.
          labelSelector: The label selector, which may make a request allowed that is not without it.
        ResourceRule: Something that may be done with resources.
          verbs: What may be done; "*" for all.
          apiGroups: The groups of the resources; "*" for all.
          resources: The resources; "*" for all.
          resourceNames: The names of the objects; all when empty.
        SelfSubjectAccessReview: Asks what the client itself may do.
          spec: What.
          status: The answer.
        SelfSubjectAccessReviewSpec: What the client would do; exactly one of these.
          resourceAttributes: A request for a resource.
          nonResourceAttributes: A request for another path.
        SelfSubjectRulesReview: Asks for all that the client itself may do in a namespace.
          spec: The namespace.
          status: The answer.
        SelfSubjectRulesReviewSpec: Where the client would do something.
          namespace: The namespace.
        SubjectAccessReview: Asks what somebody may do.
          spec: Who, and what.
          status: The answer.
        SubjectAccessReviewSpec: What somebody would do: exactly one request, and a user or groups.
          resourceAttributes: A request for a resource.
          nonResourceAttributes: A request for another path.
          user: The user's name.
          groups: The user's groups.
          extra: What else is known about the user, by keys.
          uid: The user's UID.
        SubjectAccessReviewStatus: Whether it is allowed.
          allowed: True when it is.
          denied: True when it is forbidden, whatever others say; never together with allowed.
          reason: Why it is or is not, for people.
          evaluationError: What could not be found out; the answer holds all the same.
        SubjectRulesReviewStatus: What the client may do in a namespace.
          resourceRules: What it may do with resources, in no order.
          nonResourceRules: What it may do with other paths, in no order.
          incomplete: True when there may be more.
          evaluationError: What could not be found out.
        """
}
