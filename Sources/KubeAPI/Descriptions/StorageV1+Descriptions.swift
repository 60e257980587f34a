extension StorageV1 {
    static let descriptions = """
        CSIDriver: Says how the control plane and kubelets are to treat a CSI driver.
          spec: How it is to be treated.
        CSIDriverSpec: Abilities and needs of a CSI driver.
          attachRequired: True when volumes must be attached before they are mounted; true when nothing is said. Cannot
            be changed.
          podInfoOnMount: True tells the driver about the pod when it mounts a volume; false when nothing is said.
          volumeLifecycleModes: Which volumes the driver has: Persistent for claims, Ephemeral within pods; Persistent
            when nothing is said. Cannot be changed.
          storageCapacity: True lets pods wait until the driver has said how much room it has; false when nothing is
            said.
          fsGroupPolicy: When a volume gets the pod's fsGroup: ReadWriteOnceWithFSType, File for always, None for never;
            ReadWriteOnceWithFSType when nothing is said.
          tokenRequests: Tokens of the pod's account that the driver gets when it mounts a volume.
          requiresRepublish: True calls the driver again and again for volumes that are mounted; false when nothing is
            said.
          seLinuxMount: True when volumes can be mounted with an SELinux label; false when nothing is said.
          nodeAllocatableUpdatePeriodSeconds: Seconds from one question for the number of volumes of a node to the next;
            at least 10, and never when nothing is said.
          serviceAccountTokenInSecrets: True hands tokens over with the secrets, not with the volume's attributes; false
            when nothing is said.
          preventPodSchedulingIfMissing: True keeps pods with such volumes away from nodes without the driver; false
            when nothing is said.
        CSINode: The CSI drivers on a node.
          spec: The drivers.
        CSINodeDriver: A CSI driver on a node.
          name: The driver's name.
          nodeID: What the driver calls the node.
          topologyKeys: Labels of the node by which the driver says where volumes can be reached from.
          allocatable: How many volumes the node can have.
        CSINodeSpec: The CSI drivers on a node.
          drivers: The drivers; may be empty.
        CSIStorageCapacity: How much room a CSI driver has for volumes of a class, in one part of the cluster.
          nodeTopology: Finds the nodes from which that room can be used; none when nothing is said.
          storageClassName: The StorageClass; cannot be changed.
          capacity: How much room there is.
          maximumVolumeSize: The largest volume that can be made.
        StorageClass: Describes storage from which volumes are made when they are claimed.
          provisioner: The program that makes the volumes, such as a CSI driver; cannot be changed.
          parameters: What the provisioner needs to know, by its own keys; cannot be changed.
          reclaimPolicy: What becomes of the storage when its claim goes: Delete or Retain; Delete when nothing is said.
            Cannot be changed.
          mountOptions: Options with which the volumes are mounted, such as "noatime".
          allowVolumeExpansion: True lets claims ask for more later; false when nothing is said.
          volumeBindingMode: Immediate makes a volume at once, WaitForFirstConsumer when a pod needs it, near that;
            Immediate when nothing is said. Cannot be changed.
          allowedTopologies: The parts of the cluster in which volumes may be made; all when empty.
        TokenRequest: A token of a pod's account.
          audience: For whom the token is; the API server when empty.
          expirationSeconds: Seconds that the token lives; 3600 when nothing is said.
        VolumeAttachment: Asks for a volume to be attached to a node.
          spec: Which volume, and which node; cannot be changed.
          status: Whether it is attached.
        VolumeAttachmentSource: A volume; exactly one of these.
          persistentVolumeName: The PersistentVolume.
          inlineVolumeSpec: The volume itself, when a pod names it without a PersistentVolume.
        VolumeAttachmentSpec: Which volume is attached to which node.
          attacher: The CSI driver that attaches it.
          source: The volume.
          nodeName: The node.
        VolumeAttachmentStatus: What was last seen of a VolumeAttachment.
          attached: True once it is; set by the driver.
          attachmentMetadata: What the driver needs to know when it mounts the volume.
          attachError: The last failure to attach it; empty after a success.
          detachError: The last failure to detach it; empty after a success.
        VolumeAttributesClass: Attributes of volumes that can be changed while they are used.
          driverName: The CSI driver; cannot be changed.
          parameters: The attributes, by the driver's own keys; cannot be changed.
        VolumeError: A failure of a CSI driver.
          time: When it failed.
          message: What went wrong, for people.
          errorCode: The driver's gRPC status code.
        VolumeNodeResources: A bound on a node's volumes.
          count: How many volumes of the driver; no bound when nothing is said.
        """
}
