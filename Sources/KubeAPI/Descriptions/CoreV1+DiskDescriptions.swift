extension CoreV1 {
    static let diskDescriptions = """
        AWSElasticBlockStoreVolumeSource: A disk of AWS.
          volumeID: The disk's identity.
          fsType: The file system; "ext4" when nothing is said.
          partition: The number of the partition; the whole disk when 0.
          readOnly: True mounts it read-only; false when nothing is said.
        AzureDiskVolumeSource: A disk of Azure.
          diskName: The disk's name.
          diskURI: Where the disk's data is.
          cachingMode: How the host caches: None, ReadOnly or ReadWrite; ReadWrite when nothing is said.
          fsType: The file system; "ext4" when nothing is said.
          readOnly: True mounts it read-only; false when nothing is said.
          kind: Shared, Dedicated or Managed: how the disk's account is used; Shared when nothing is said.
        AzureFileVolumeSource: A file share of Azure.
          secretName: The Secret with the account's name and key.
          shareName: The share's name.
          readOnly: True mounts it read-only; false when nothing is said.
        CephFSVolumeSource: A file system of Ceph.
          monitors: The addresses of Ceph's monitors.
          path: The directory that is mounted; "/" when nothing is said.
          user: The user; "admin" when nothing is said.
          secretFile: The file with the user's key; /etc/ceph/user.secret when nothing is said.
          secretRef: The Secret with the user's key, instead of the file.
          readOnly: True mounts it read-only; false when nothing is said.
        CinderVolumeSource: A disk of OpenStack.
          volumeID: The disk's identity.
          fsType: The file system; "ext4" when nothing is said.
          readOnly: True mounts it read-only; false when nothing is said.
          secretRef: The Secret with what OpenStack wants to know.
        FCVolumeSource: A disk of a Fibre Channel network.
          targetWWNs: The world wide names of the target; with lun.
          lun: The number of the disk at the target.
          fsType: The file system; "ext4" when nothing is said.
          readOnly: True mounts it read-only; false when nothing is said.
          wwids: World wide identifiers of the disk, instead of targetWWNs and lun.
        FlexVolumeSource: A volume of a driver that is a program on the node.
          driver: The driver's name.
          fsType: The file system; the driver's choice when nothing is said.
          secretRef: A Secret that the driver gets.
          readOnly: True mounts it read-only; false when nothing is said.
          options: What the driver needs to know, by its own keys.
        FlockerVolumeSource: A Flocker volume.
          datasetName: The dataset's name.
          datasetUUID: The dataset's UUID, instead of the name.
        GCEPersistentDiskVolumeSource: A disk of Google Compute Engine.
          pdName: The disk's name.
          fsType: The file system; "ext4" when nothing is said.
          partition: The number of the partition; the whole disk when 0.
          readOnly: True mounts it read-only; false when nothing is said.
        GitRepoVolumeSource: A copy of a Git repository.
          repository: The repository's URL.
          revision: The commit; the newest of the main branch when nothing is said.
          directory: The directory of the volume for the copy; the volume itself when ".".
        GlusterfsVolumeSource: A Gluster volume.
          endpoints: The Endpoints object with the addresses of Gluster's nodes.
          path: The volume's name in Gluster.
          readOnly: True mounts it read-only; false when nothing is said.
        ISCSIVolumeSource: A disk of an iSCSI target.
          targetPortal: The target's address, with its port unless that is 3260.
          iqn: The target's name.
          lun: The number of the disk at the target.
          iscsiInterface: The initiator's interface; "default" for TCP, and when nothing is said.
          fsType: The file system; "ext4" when nothing is said.
          readOnly: True mounts it read-only; false when nothing is said.
          portals: Further addresses of the target.
          chapAuthDiscovery: True logs in with CHAP when targets are looked for.
          chapAuthSession: True logs in with CHAP to the target.
          secretRef: The Secret with CHAP's names and passwords.
          initiatorName: The initiator's own name; the node's when nothing is said.
        PhotonPersistentDiskVolumeSource: A disk of Photon.
          pdID: The disk's identity.
          fsType: The file system; "ext4" when nothing is said.
        PortworxVolumeSource: A Portworx volume.
          volumeID: The volume's identity.
          fsType: The file system; "ext4" when nothing is said.
          readOnly: True mounts it read-only; false when nothing is said.
        QuobyteVolumeSource: A Quobyte volume.
          registry: The addresses of the Quobyte registries, as "host:port" with commas in between.
          volume: The volume's name.
          readOnly: True mounts it read-only; false when nothing is said.
          user: The user as which it is used; the service account's user when nothing is said.
          group: The group as which it is used; none when nothing is said.
          tenant: The tenant that owns the volume.
        RBDVolumeSource: A block device of Ceph.
          monitors: The addresses of Ceph's monitors.
          image: The device's name.
          fsType: The file system; "ext4" when nothing is said.
          pool: The pool of the device; "rbd" when nothing is said.
          user: The user; "admin" when nothing is said.
          keyring: The file with the user's key; /etc/ceph/keyring when nothing is said.
          secretRef: The Secret with the user's key, instead of the file.
          readOnly: True mounts it read-only; false when nothing is said.
        ScaleIOVolumeSource: A ScaleIO volume.
          gateway: The host of the ScaleIO gateway.
          system: The name of the storage system.
          secretRef: The Secret with the user's name and password.
          sslEnabled: True speaks TLS with the gateway; false when nothing is said.
          protectionDomain: The protection domain of the volume.
          storagePool: The storage pool of the volume.
          storageMode: ThickProvisioned or ThinProvisioned; ThinProvisioned when nothing is said.
          volumeName: The volume's name.
          fsType: The file system; "xfs" when nothing is said.
          readOnly: True mounts it read-only; false when nothing is said.
        StorageOSVolumeSource: A StorageOS volume.
          volumeName: The volume's name in its namespace of StorageOS.
          volumeNamespace: The namespace in StorageOS; the pod's when nothing is said.
          fsType: The file system; "ext4" when nothing is said.
          readOnly: True mounts it read-only; false when nothing is said.
          secretRef: The Secret with what StorageOS wants to know.
        VsphereVirtualDiskVolumeSource: A disk of vSphere.
          volumePath: The path of the disk's file.
          fsType: The file system; "ext4" when nothing is said.
          storagePolicyName: The name of the storage policy.
          storagePolicyID: The identity of the storage policy.
        """
}
