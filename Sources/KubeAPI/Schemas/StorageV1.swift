/// The schema of `storage.k8s.io/v1`; `SchemaText` describes the notation.
enum StorageV1 {
    static let text = SchemaText(
        "storage.k8s.io/v1", package: "io.k8s.api.storage.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        csidrivers CSIDriver
        csinodes CSINode
        csistoragecapacities CSIStorageCapacity namespaced
        storageclasses StorageClass short(sc)
        volumeattachments VolumeAttachment
          status VolumeAttachment get,patch,update
        volumeattributesclasses VolumeAttributesClass short(vac)
        """

    private static let messages = """
        CSIDriver kind
          metadata 1 ObjectMeta always
          spec 2 CSIDriverSpec required always
        CSIDriverSpec
          attachRequired 1 bool? default(true)
          podInfoOnMount 2 bool? default(false)
          volumeLifecycleModes 3 [string] set default(["Persistent"])
          storageCapacity 4 bool? default(false)
          fsGroupPolicy 5 string? default("ReadWriteOnceWithFSType")
          tokenRequests 6 [TokenRequest]
          requiresRepublish 7 bool? default(false)
          seLinuxMount 8 bool? default(false)
          nodeAllocatableUpdatePeriodSeconds 9 int64?
          serviceAccountTokenInSecrets 10 bool?
          preventPodSchedulingIfMissing 11 bool?
        CSINode kind
          metadata 1 ObjectMeta always
          spec 2 CSINodeSpec required always
        CSINodeDriver
          name 1 string required
          nodeID 2 string required
          topologyKeys 3 [string]
          allocatable 4 VolumeNodeResources
        CSINodeSpec
          drivers 1 [CSINodeDriver] required map(name) merge(name)
        CSIStorageCapacity kind
          metadata 1 ObjectMeta always
          nodeTopology 2 LabelSelector
          storageClassName 3 string required
          capacity 4 Quantity
          maximumVolumeSize 5 Quantity
        StorageClass kind
          metadata 1 ObjectMeta always
          provisioner 2 string required notEmpty
          parameters 3 {string}
          reclaimPolicy 4 string? enum(Delete,Recycle,Retain) default("Delete")
          mountOptions 5 [string]
          allowVolumeExpansion 6 bool?
          volumeBindingMode 7 string? enum(Immediate,WaitForFirstConsumer) default("Immediate")
          allowedTopologies 8 [TopologySelectorTerm]
        TokenRequest
          audience 1 string required
          expirationSeconds 2 int64?
        VolumeAttachment kind
          metadata 1 ObjectMeta always
          spec 2 VolumeAttachmentSpec required always
          status 3 VolumeAttachmentStatus always
        VolumeAttachmentSource
          persistentVolumeName 1 string?
          inlineVolumeSpec 2 PersistentVolumeSpec
        VolumeAttachmentSpec
          attacher 1 string required
          source 2 VolumeAttachmentSource required always
          nodeName 3 string required
        VolumeAttachmentStatus
          attached 1 bool required
          attachmentMetadata 2 {string}
          attachError 3 VolumeError
          detachError 4 VolumeError
        VolumeAttributesClass kind
          metadata 1 ObjectMeta always
          driverName 2 string required
          parameters 3 {string}
        VolumeError
          time 1 Time
          message 2 string
          errorCode 3 int32?
        VolumeNodeResources
          count 1 int32?
        """
}
