extension APIExtensionsV1 {
    static let descriptions = """
        CustomResourceColumnDefinition: A column in which "kubectl get" shows something.
          name: The column's head.
          type: The type of the values: integer, number, string, boolean or date.
          format: The form of the values, such as int32 or date-time.
          description: What the column means, for people.
          priority: With 0 the column is always shown, otherwise only with "-o wide".
          jsonPath: The path of the value in the object, such as ".spec.replicas".
        CustomResourceConversion: How objects are converted from one version to another.
          strategy: None changes only apiVersion, Webhook asks a service, which this server does not call; None when
            nothing is said.
          webhook: The service.
        CustomResourceDefinition: Describes a resource that the API does not have of itself.
          spec: What the resource is called, and what its objects look like.
          status: Whether the resource is served.
        CustomResourceDefinitionCondition: One aspect of a definition's state.
          @Condition
          type: Established, NamesAccepted, NonStructuralSchema, Terminating or KubernetesAPIApprovalPolicyConformant.
        CustomResourceDefinitionNames: Names in URLs, for kubectl, and of kinds.
          plural: The name in URLs: the plural, in lower case; the definition's own name is this, "." and the group.
          singular: The singular, in lower case; the kind in lower case when nothing is said.
          shortNames: Short names for kubectl, in lower case.
          kind: The kind of the objects, in CamelCase.
          listKind: The kind of their lists; the kind and "List" when nothing is said.
          categories: Groups of resources that kubectl takes for names, such as "all".
        CustomResourceDefinitionSpec: What is wanted of a CustomResourceDefinition.
          group: The resource's group: a domain, such as "example.com"; cannot be changed.
          names: What it is called.
          scope: Namespaced, or Cluster; cannot be changed.
          versions: The versions in which it is served; kubectl takes the highest, and v2 counts as higher than v2beta1.
          conversion: How objects are converted from one version to another; only apiVersion changes when nothing is
            said.
          preserveUnknownFields: Must be false: fields that the schema does not have are dropped.
        CustomResourceDefinitionStatus: What was last seen of a CustomResourceDefinition.
          conditions: The state in several respects.
          acceptedNames: The names that are served; others may already be taken.
          storedVersions: The versions in which objects may still be stored; only what is no longer stored may be taken
            out.
          observedGeneration: The generation of the spec that was last acted upon.
        CustomResourceDefinitionVersion: A version of a resource.
          name: The version's name, such as "v1" or "v1beta1".
          served: True when it is served.
          storage: True for the one version in which objects are stored.
          deprecated: True warns clients that use it; false when nothing is said.
          deprecationWarning: What such clients are told, 256 characters at most; made by the server when nothing is
            said.
          schema: What the objects look like.
          subresources: The subresources of the objects.
          additionalPrinterColumns: What "kubectl get" shows; the age when nothing is said.
          selectableFields: Fields by which objects can be selected; 8 at most.
        CustomResourceSubresourceScale: How the subresource scale reads and writes a custom resource.
          specReplicasPath: The path of the number that is wanted, below ".spec".
          statusReplicasPath: The path of the number that there is, below ".status".
          labelSelectorPath: The path of the selector as text, below ".status" or ".spec"; an autoscaler needs it.
        CustomResourceSubresourceStatus: Nothing is set here: where it stands, there is a subresource status.
        CustomResourceSubresources: Which subresources there are.
          status: There is a subresource status, and only it writes the status.
          scale: There is a subresource scale.
        CustomResourceValidation: A schema.
          openAPIV3Schema: The schema of the whole object.
        ExternalDocumentation: A page, and what it is about.
          description: What is said there.
          url: Its URL.
        JSONSchemaProps: What a value must look like, as OpenAPI 3.0 describes it; parts that contradict a structural
            schema are refused.
          id: Not allowed.
          $schema: The dialect of the schema; not used.
          $ref: Not allowed: a schema must be whole.
          description: What the value means; shown by "kubectl explain".
          type: The value's type: object, array, string, integer, number or boolean.
          format: The form of a string or number, such as "date-time", "ipv4" or "int64"; unknown ones are not checked.
          title: A short name of the value, for people.
          default: The value when there is none.
          maximum: The largest number.
          exclusiveMaximum: True forbids the maximum itself; false when nothing is said.
          minimum: The smallest number.
          exclusiveMinimum: True forbids the minimum itself; false when nothing is said.
          maxLength: The most characters of a string.
          minLength: The fewest characters of a string.
          pattern: A regular expression that must match some part of a string.
          maxItems: The most elements of a list.
          minItems: The fewest elements of a list.
          uniqueItems: Must be false: use x-kubernetes-list-type.
          multipleOf: A number must be a multiple of this.
          enum: The values that are allowed; any when empty.
          maxProperties: The most members of an object.
          minProperties: The fewest members of an object.
          required: Names of members that must be there.
          items: What the elements of a list look like; one schema for all.
          allOf: Schemas, all of which must hold besides; they only check.
          oneOf: Schemas, exactly one of which must hold; they only check.
          anyOf: Schemas, at least one of which must hold; they only check.
          not: A schema that must not hold; it only checks.
          properties: What an object's members look like, by their names.
          additionalProperties: What members with free names look like, or true for anything; not with properties.
          patternProperties: Not allowed.
          dependencies: Not allowed.
          additionalItems: Not allowed.
          definitions: Not allowed.
          externalDocs: Where more is said.
          example: An example of the value, for people.
          nullable: True allows null; false when nothing is said, and null is then dropped or replaced by the default.
          x-kubernetes-preserve-unknown-fields: True keeps members that the schema does not have; otherwise they are
            dropped.
          x-kubernetes-embedded-resource: True for a whole object, with apiVersion, kind and metadata.
          x-kubernetes-int-or-string: True for a value that is a whole number or a string.
          x-kubernetes-list-map-keys: The members that tell elements of a list of type map apart.
          x-kubernetes-list-type: How lists are merged: atomic replaces them, set adds elements that are not there, map
            merges elements of the same keys; atomic when nothing is said.
          x-kubernetes-map-type: How objects are merged: atomic replaces them, granular merges each member; granular
            when nothing is said.
          x-kubernetes-validations: Rules in CEL; stored here, and not evaluated.
        JSONSchemaPropsOrArray: A schema, or a list of them.
        JSONSchemaPropsOrBool: A schema, or true or false for any value or none.
        JSONSchemaPropsOrStringArray: A schema, or a list of names.
        SelectableField: A field by which objects can be selected.
          jsonPath: The field's path, such as ".spec.color"; a string, number or boolean.
        ServiceReference: A Service that takes requests.
          namespace: The Service's namespace.
          name: The Service's name.
          path: The path of the requests; "/" when nothing is said.
          port: The Service's port; 443 when nothing is said.
        ValidationRule: Something that must be true of a value.
          rule: A CEL expression, with self for the value and oldSelf for what it was before.
          message: What the client is told when it is false; one line.
          messageExpression: A CEL expression that makes the message; message when it fails or makes nothing.
          reason: The reason of the cause: FieldValueInvalid, FieldValueForbidden, FieldValueRequired or
            FieldValueDuplicate; FieldValueInvalid when nothing is said.
          fieldPath: The path below the value that is at fault, such as ".spec.size"; the value itself when nothing is
            said.
          optionalOldSelf: True evaluates the rule when there was no value before, too; false when nothing is said.
        WebhookClientConfig: How a webhook is called; either a URL or a Service.
          url: The webhook's URL, which begins with "https://".
          service: The webhook's Service.
          caBundle: Certificates of the authorities that the webhook's certificate may come from, in PEM; the system's
            when nothing is said.
        WebhookConversion: A service that converts objects.
          clientConfig: How it is called.
          conversionReviewVersions: The versions of ConversionReview that it understands; the first that the server
            knows is used.
        """
}
