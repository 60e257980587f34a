extension CoreV1 {
    static let persistentVolumeDescriptions = """
        AzureFilePersistentVolumeSource: A file share of Azure.
          @AzureFileVolumeSource
          secretNamespace: The Secret's namespace; the claim's when nothing is said.
        CSIPersistentVolumeSource: A volume of a CSI driver.
          driver: The driver's name.
          volumeHandle: The volume's identity at the driver.
          readOnly: True publishes it read-only; false when nothing is said.
          fsType: The file system, such as "ext4"; the driver's choice when nothing is said.
          volumeAttributes: What the driver said about the volume, by its own keys.
          controllerPublishSecretRef: A Secret that the driver gets when it attaches the volume.
          nodeStageSecretRef: A Secret that the driver gets when it prepares the volume on a node.
          nodePublishSecretRef: A Secret that the driver gets when it mounts the volume for a pod.
          controllerExpandSecretRef: A Secret that the driver gets when it makes the volume larger.
          nodeExpandSecretRef: A Secret that the driver gets when it makes the file system larger on a node.
        CephFSPersistentVolumeSource: A file system of Ceph.
          @CephFSVolumeSource
        CinderPersistentVolumeSource: A disk of OpenStack.
          @CinderVolumeSource
        FlexPersistentVolumeSource: A volume of a driver that is a program on the node.
          @FlexVolumeSource
        GlusterfsPersistentVolumeSource: A Gluster volume.
          @GlusterfsVolumeSource
          endpointsNamespace: The namespace of the Endpoints object; the claim's when nothing is said.
        ISCSIPersistentVolumeSource: A disk of an iSCSI target.
          @ISCSIVolumeSource
        LocalVolumeSource: A disk or directory of one node.
          path: Its path on the node: a directory, or a device.
          fsType: The file system of a device, made when there is none.
        ModifyVolumeStatus: A class, and how far the change to it is.
          targetVolumeAttributesClassName: The VolumeAttributesClass that the volume is to have.
          status: Pending until the class is there, InProgress, or Infeasible when the driver has refused it.
        PersistentVolume: Storage that outlives the pods that use it.
          spec: Where the storage is, and what it is like.
          status: Whether it is in use.
        PersistentVolumeClaim: Asks for a PersistentVolume.
          spec: What storage is wanted.
          status: Which storage there is.
        PersistentVolumeClaimCondition: One aspect of a claim's state.
          @Condition
          type: Resizing, FileSystemResizePending, ModifyingVolume, ModifyVolumeError or another.
          lastProbeTime: When the condition was last looked at.
        PersistentVolumeClaimSpec: What is wanted of a PersistentVolumeClaim.
          accessModes: How it is to be used: ReadWriteOnce by one node, ReadOnlyMany or ReadWriteMany by many,
            ReadWriteOncePod by one pod.
          selector: Finds the volumes that come into question by their labels.
          resources: How much is wanted, under "storage"; not less than the volume has.
          volumeName: The PersistentVolume; set when one has been found.
          storageClassName: The StorageClass from which a volume is made; the default class when nothing is said, none
            when empty.
          volumeMode: Filesystem to be mounted, Block as a raw device; Filesystem when nothing is said.
          dataSource: What a new volume begins with: a VolumeSnapshot or another claim.
          dataSourceRef: The same, of other kinds and namespaces too; where both are set, they must agree.
          volumeAttributesClassName: The VolumeAttributesClass that the volume is to have; can be changed.
        PersistentVolumeClaimStatus: Which storage a claim has.
          phase: Pending until there is a volume, Bound, or Lost when the volume is gone.
          accessModes: How the volume can be used.
          capacity: How large the volume is, under "storage".
          conditions: The claim's state in several respects.
          allocatedResources: How large the volume is being made, under "storage".
          allocatedResourceStatuses: How far making it larger is, by resource, such as ControllerResizeInProgress.
          currentVolumeAttributesClassName: The VolumeAttributesClass that the volume has.
          modifyVolumeStatus: How far a change of the class is.
        PersistentVolumeClaimTemplate: What claims are made like.
          metadata: Labels and annotations of the claims.
          spec: What storage is wanted.
        PersistentVolumeSpec: One source, and what there is to know about it.
          @Volume
          glusterfs: A Gluster volume; not carried out any more.
          local: A disk or directory of one node.
          csi: A volume of a CSI driver.
          capacity: How large it is, under "storage".
          accessModes: How it can be used: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.
          claimRef: The claim that has the volume, or that is to have it.
          persistentVolumeReclaimPolicy: What becomes of the storage when its claim goes: Retain keeps it, Delete
            deletes it, Recycle empties it. Retain when nothing is said; made from a class, what the class says.
          storageClassName: The StorageClass that it belongs to; none when empty.
          mountOptions: Options with which it is mounted, such as "noatime".
          volumeMode: Filesystem to be mounted, Block as a raw device; Filesystem when nothing is said.
          nodeAffinity: The nodes from which it can be reached; all when nothing is said.
          volumeAttributesClassName: The VolumeAttributesClass that it has.
        PersistentVolumeStatus: What was last seen of a PersistentVolume.
          phase: Pending, Available for claims, Bound to one, Released when its claim is gone, Failed when it could not
            be cleared.
          message: Why it is in this state, for people.
          reason: One word for why the volume has failed.
          lastPhaseTransitionTime: When the phase last changed.
        RBDPersistentVolumeSource: A block device of Ceph.
          @RBDVolumeSource
        ScaleIOPersistentVolumeSource: A ScaleIO volume.
          @ScaleIOVolumeSource
        StorageOSPersistentVolumeSource: A StorageOS volume.
          @StorageOSVolumeSource
        TypedLocalObjectReference: Names an object of any kind in the same namespace.
          apiGroup: The group of the object's kind; empty for the core group.
          kind: The object's kind.
          name: The object's name.
        TypedObjectReference: Names an object of any kind.
          apiGroup: The group of the object's kind; empty for the core group.
          kind: The object's kind.
          name: The object's name.
          namespace: The object's namespace; another than the claim's needs a ReferenceGrant. The claim's when nothing
            is said.
        VolumeNodeAffinity: The nodes from which a volume can be reached.
          required: Finds the nodes.
        VolumeResourceRequirements: How much storage a claim asks for.
          limits: The most that the volume may have, under "storage".
          requests: The least that the volume must have, under "storage".
        """
}
