/// The schema of `meta.k8s.io/v1`; `SchemaText` describes the notation.
enum MetaV1 {
    static let text = SchemaText(
        "meta.k8s.io/v1", package: "io.k8s.apimachinery.pkg.apis.meta.v1", messages: [messages],
        descriptions: [descriptions])

    private static let messages = """
        APIGroup kind
          name 1 string required
          versions 2 [GroupVersionForDiscovery] required
          preferredVersion 3 GroupVersionForDiscovery
          serverAddressByClientCIDRs 4 [ServerAddressByClientCIDR]
        APIGroupList kind
          groups 1 [APIGroup] required
        APIResource
          name 1 string required
          singularName 6 string required
          namespaced 2 bool required
          group 8 string
          version 9 string
          kind 3 string required
          verbs 4 Verbs required
          shortNames 5 [string]
          categories 7 [string]
          storageVersionHash 10 string
        APIResourceList kind
          groupVersion 1 string required
          resources 2 [APIResource] required
        APIVersions kind
          versions 1 [string] required
          serverAddressByClientCIDRs 2 [ServerAddressByClientCIDR] required
        ApplyOptions kind
          dryRun 1 [string]
          force 2 bool
          fieldManager 3 string
        Condition
          type 1 string required
          status 2 string required
          observedGeneration 3 int64
          lastTransitionTime 4 Time required
          reason 5 string required
          message 6 string required
        CreateOptions kind
          dryRun 1 [string]
          fieldManager 3 string
          fieldValidation 4 string
        DeleteOptions kind
          gracePeriodSeconds 1 int64?
          preconditions 2 Preconditions
          orphanDependents 3 bool?
          propagationPolicy 4 string?
          dryRun 5 [string]
          ignoreStoreReadErrorWithClusterBreakingPotential 6 bool?
        FieldSelectorRequirement
          key 1 string required
          operator 2 string required
          values 3 [string]
        GetOptions kind
          resourceVersion 1 string
        GroupVersionForDiscovery
          groupVersion 1 string required
          version 2 string required
        LabelSelector atomic
          matchLabels 1 {string}
          matchExpressions 2 [LabelSelectorRequirement]
        LabelSelectorRequirement
          key 1 string required
          operator 2 string required
          values 3 [string]
        List kind
          metadata 1 ListMeta always
          items 2 [any]
        ListMeta
          selfLink 1 string
          resourceVersion 2 string
          continue 3 string
          remainingItemCount 4 int64?
          shardInfo 5 ShardInfo
        ListOptions kind
          labelSelector 1 string
          fieldSelector 2 string
          watch 3 bool
          allowWatchBookmarks 9 bool
          resourceVersion 4 string
          resourceVersionMatch 10 string
          timeoutSeconds 5 int64?
          limit 7 int64
          continue 8 string
          sendInitialEvents 11 bool?
          shardSelector 15 string
        ManagedFieldsEntry
          manager 1 string
          operation 2 string
          apiVersion 3 string
          time 4 Time
          fieldsType 6 string
          fieldsV1 7 any
          subresource 8 string
        ObjectMeta
          name 1 string
          generateName 2 string
          namespace 3 string
          selfLink 4 string
          uid 5 string
          resourceVersion 6 string
          generation 7 int64
          creationTimestamp 8 Time
          deletionTimestamp 9 Time
          deletionGracePeriodSeconds 10 int64?
          labels 11 {string}
          annotations 12 {string}
          ownerReferences 13 [OwnerReference] map(uid) merge(uid)
          finalizers 14 [string] set merge
          managedFields 17 [ManagedFieldsEntry]
        OwnerReference atomic
          apiVersion 5 string required
          kind 1 string required
          name 3 string required
          uid 4 string required
          controller 6 bool?
          blockOwnerDeletion 7 bool?
        PartialObjectMetadata kind
          metadata 1 ObjectMeta always
        PartialObjectMetadataList kind
          metadata 1 ListMeta always
          items 2 [PartialObjectMetadata]
        PatchOptions kind
          dryRun 1 [string]
          force 2 bool?
          fieldManager 3 string
          fieldValidation 4 string
        Preconditions
          uid 1 string?
          resourceVersion 2 string?
        ServerAddressByClientCIDR
          clientCIDR 1 string required
          serverAddress 2 string required
        ShardInfo
          selector 1 string required
        Status kind
          metadata 1 ListMeta always
          status 2 string
          message 3 string
          reason 4 string
          details 5 StatusDetails
          code 6 int32
        StatusCause
          reason 1 string
          message 2 string
          field 3 string
        StatusDetails
          name 1 string
          group 2 string
          kind 3 string
          uid 6 string
          causes 4 [StatusCause]
          retryAfterSeconds 5 int32
        TableOptions kind
          includeObject 1 string
        UpdateOptions kind
          dryRun 1 [string]
          fieldManager 2 string
          fieldValidation 3 string
        WatchEvent
          type 1 string required
          object 2 any required
        """
}
