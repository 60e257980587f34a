extension MetaV1 {
    static let descriptions = """
        Condition: One aspect of an object's state, as a controller last saw it.
          type: The aspect that this condition is about, in CamelCase; there is one condition of each type.
          status: Whether the condition holds: True, False, or Unknown.
          observedGeneration: The object's metadata.generation that was looked at; when the object has a larger one,
            this condition is out of date.
          lastTransitionTime: When the status last went from one value to another.
          reason: One word in CamelCase for why the status is what it is, for programs.
          message: The same at length, for people.
        DeleteOptions: How an object is to be deleted.
          gracePeriodSeconds: Seconds that the object is given to end; 0 is at once. Without it the kind's own period
            applies.
          preconditions: The deletion is refused unless these hold.
          orphanDependents: True leaves objects that this one owns; superseded by propagationPolicy, and only one of
            both may be set.
          propagationPolicy: What becomes of objects that this one owns: Orphan leaves them, Background deletes them
            after it, Foreground before it.
          dryRun: All carries the request out without storing anything; the only value there is.
          ignoreStoreReadErrorWithClusterBreakingPotential: True deletes an object even when it can no longer be read
            from the store, without finalizers or preconditions.
        FieldSelectorRequirement: One condition on the value of a field.
          key: The field's path, such as "metadata.name".
          operator: How the values are compared: In, NotIn, Exists or DoesNotExist.
          values: The values for In and NotIn; empty for the others.
        LabelSelector: Finds objects by their labels; all conditions must hold, and one without conditions finds every
            object.
          matchLabels: Labels that an object must have, with exactly these values.
          matchExpressions: Further conditions on labels.
        LabelSelectorRequirement: One condition on a label.
          key: The label's key.
          operator: In and NotIn compare the label's value with values; Exists and DoesNotExist ask only for the key.
          values: The values for In and NotIn, at least one; empty for the others.
        ListMeta: What every list of objects has.
          selfLink: Not used any more; always empty.
          resourceVersion: The revision of the store that the list shows; a watch may start from it.
          continue: Not empty when the list was cut short: the same request with it gets what comes next.
          remainingItemCount: About how many objects come after these, when that is known.
          shardInfo: Which part of all objects this list shows, when only a part was asked for.
        ManagedFieldsEntry: The fields that one manager set with one kind of operation.
          manager: Who set the fields: the program's name, or what the request's fieldManager said.
          operation: How they were set: Apply for server-side apply, Update for everything else.
          apiVersion: The version of the API in which the fields are written here.
          time: When the manager last added, changed or removed one of its fields.
          fieldsType: The format of what follows; always FieldsV1.
          fieldsV1: The fields, as an object of the same shape as the one that is described: "f:" before names, "k:"
            before keys of list elements, "v:" before values of sets.
          subresource: The subresource by which they were set; empty for the object itself.
        ObjectMeta: What every object that is stored has.
          name: Unique among the objects of its kind in its namespace; cannot be changed.
          generateName: The beginning of a name that the server completes with random letters when there is no name.
          namespace: The namespace in which the name is unique; empty for kinds of the whole cluster. Cannot be changed.
          selfLink: Not used any more; always empty.
          uid: Tells this object from all others, of the past too; made by the server.
          resourceVersion: The revision at which the object was last written. An update that names another than the
            present one is refused.
          generation: Counts changes of what is wanted, from 1; changes of the status do not count.
          creationTimestamp: When the object was made; set by the server.
          deletionTimestamp: When the object is to be gone at the latest; set by the server once it is being deleted.
          deletionGracePeriodSeconds: Seconds that the object was given to end when it was deleted.
          labels: Short texts by keys, by which objects are selected.
          annotations: Any texts by keys, for programs and people; 256 KiB at most together.
          ownerReferences: The objects that this one belongs to; when the last of them is gone, it is deleted.
          finalizers: What must be done before a deleted object goes; whoever has done its part removes its entry.
          managedFields: Which manager set which fields; kept by the server for server-side apply.
        OwnerReference: An object that this one belongs to, in the same namespace or of the whole cluster.
          apiVersion: The owner's group and version.
          kind: The owner's kind.
          name: The owner's name.
          uid: The owner's UID: an object of the same name that is made later is not the owner.
          controller: True for the one owner that manages this object.
          blockOwnerDeletion: True holds an owner that is deleted in the foreground until this object is gone.
        Preconditions: What must be true of an object for a request to be carried out.
          uid: The UID that the object must have.
          resourceVersion: The resourceVersion that the object must have.
        ShardInfo: The part of all objects that a list shows.
          selector: The selector by which the part was asked for.
        Status: The answer to a request that returns no object.
          metadata: What every list has; mostly empty.
          status: Success or Failure.
          message: What happened, for people.
          reason: One word for why the request failed, for programs: NotFound, Conflict, Invalid and others.
          details: More about what failed; depends on the reason.
          code: The HTTP status code of the answer; 0 for none.
        StatusCause: One of the things that are wrong with a request.
          reason: One word for what is wrong, for programs.
          message: What is wrong, for people.
          field: The path of the field that it is about, such as "spec.ports[0].port".
        StatusDetails: More about why a request failed.
          name: The name of the object that the request was about.
          group: The group of that object's resource.
          kind: The kind or resource of that object.
          uid: The UID of that object, if there is one.
          causes: What is wrong, one by one.
          retryAfterSeconds: Seconds to wait before the request is sent again; 0 for none.
        WatchEvent: One change that a watch reports.
          type: What happened: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.
          object: The object after the change, or before it was deleted; of a BOOKMARK only its resourceVersion counts,
            and for an ERROR it is a Status.
        """
}
