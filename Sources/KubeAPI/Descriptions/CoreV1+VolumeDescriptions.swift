extension CoreV1 {
    static let volumeDescriptions = """
        CSIVolumeSource: A volume that a CSI driver makes for the pod and that goes with it.
          driver: The driver's name.
          readOnly: True mounts it read-only; false when nothing is said.
          fsType: The file system, such as "ext4"; the driver's choice when nothing is said.
          volumeAttributes: What the driver needs to know, by its own keys.
          nodePublishSecretRef: A Secret that the driver gets when it mounts the volume.
        ClusterTrustBundleProjection: Certificates of authorities, as a file.
          name: The ClusterTrustBundle; not with signerName.
          signerName: All ClusterTrustBundles of this signer that labelSelector finds.
          labelSelector: Finds some of the signer's bundles; none when nothing is said, and {} all.
          optional: True lets the pod start without any bundle.
          path: The file's path in the volume.
        ConfigMapProjection: A ConfigMap's keys as files, among others.
          name: The ConfigMap's name.
          items: The keys that become files; all when nothing is said.
          optional: True lets the pod start without the ConfigMap or the keys.
        ConfigMapVolumeSource: A ConfigMap's keys as files.
          name: The ConfigMap's name.
          items: The keys that become files; all when nothing is said.
          defaultMode: The permissions of files that have none of their own, as a number: 420 is 0644, and the default.
          optional: True lets the pod start without the ConfigMap or the keys.
        DownwardAPIProjection: What is known about the pod as files, among others.
          items: The files.
        DownwardAPIVolumeFile: A file that holds something about its pod.
          path: The file's path in the volume; relative, and without "..".
          fieldRef: A field of the pod: its annotations, labels, name, namespace or uid.
          resourceFieldRef: A request or limit of a container.
          mode: The file's permissions, from 0 to 511 (0777); the volume's defaultMode when nothing is said.
        DownwardAPIVolumeSource: What is known about the pod as files.
          items: The files.
          defaultMode: The permissions of files that have none of their own, as a number: 420 is 0644, and the default.
        EmptyDirVolumeSource: An empty directory that is made with the pod and goes with it.
          medium: Memory keeps it in memory; on the node's disk when empty.
          sizeLimit: The most that it may hold; a pod that exceeds it is evicted. No bound when nothing is said.
        EphemeralVolumeSource: A claim that is made for the pod and goes with it.
          volumeClaimTemplate: Describes the claim, whose name is the pod's and the volume's with "-" in between.
        HostPathVolumeSource: A file or directory of the node.
          path: Its path on the node.
          type: What must be there: Directory, File, Socket, CharDevice or BlockDevice; DirectoryOrCreate and
            FileOrCreate make it. Not looked at when empty.
        ImageVolumeSource: What is in an image, read-only.
          reference: The image's name, with a tag or digest.
          pullPolicy: Always, IfNotPresent or Never, as for a container's image.
        ImageVolumeStatus: The image of a volume that is mounted.
          imageRef: The image's digest.
        KeyToPath: A key that becomes a file.
          key: The key.
          path: The file's path in the volume; relative, and without "..".
          mode: The file's permissions, from 0 to 511 (0777); the volume's defaultMode when nothing is said.
        NFSVolumeSource: A directory of an NFS server.
          server: The server's name or address.
          path: The directory that it exports.
          readOnly: True mounts it read-only; false when nothing is said.
        PersistentVolumeClaimVolumeSource: The volume of a claim.
          claimName: The PersistentVolumeClaim in the pod's namespace.
          readOnly: True mounts it read-only; false when nothing is said.
        PodCertificateProjection: A private key and a certificate for the pod, as files that are renewed in time.
          signerName: The signer from which the certificate comes.
          keyType: The kind of key: RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521 or ED25519.
          maxExpirationSeconds: Seconds that the certificate may live at most, from 3600 to 7862400; 86400 when nothing
            is said.
          credentialBundlePath: The path of one file with the key and the certificates.
          keyPath: The path of a file with the key alone.
          certificateChainPath: The path of a file with the certificates alone.
          userAnnotations: Texts by keys for the signer.
        ProjectedVolumeSource: Files from several sources in one directory.
          sources: The sources.
          defaultMode: The permissions of files that have none of their own, as a number: 420 is 0644, and the default.
        SecretProjection: A Secret's keys as files, among others.
          name: The Secret's name.
          items: The keys that become files; all when nothing is said.
          optional: True lets the pod start without the Secret or the keys.
        SecretVolumeSource: A Secret's keys as files, in memory.
          secretName: The Secret's name.
          items: The keys that become files; all when nothing is said.
          defaultMode: The permissions of files that have none of their own, as a number: 420 is 0644, and the default.
          optional: True lets the pod start without the Secret or the keys.
        ServiceAccountTokenProjection: A token of the pod's ServiceAccount as a file that is renewed in time.
          audience: For whom the token is; the API server when nothing is said.
          expirationSeconds: Seconds that the token lives, at least 600; 3600 when nothing is said.
          path: The file's path in the volume.
        Volume: Files that containers of a pod may mount; exactly one source says where they come from.
          name: The volume's name, unique in its pod.
          hostPath: A file or directory of the node.
          emptyDir: An empty directory that goes with the pod.
          gcePersistentDisk: A disk of Google Compute Engine; carried out by its CSI driver.
          awsElasticBlockStore: A disk of AWS; carried out by its CSI driver.
          gitRepo: A copy of a Git repository; not carried out any more.
          secret: A Secret's keys as files.
          nfs: A directory of an NFS server.
          iscsi: A disk of an iSCSI target.
          glusterfs: A Gluster volume; not carried out any more.
          persistentVolumeClaim: The volume of a claim.
          rbd: A block device of Ceph; not carried out any more.
          flexVolume: A volume of a driver that is a program on the node; superseded by CSI.
          cinder: A disk of OpenStack; carried out by its CSI driver.
          cephfs: A file system of Ceph; not carried out any more.
          flocker: A Flocker volume; not carried out any more.
          downwardAPI: What is known about the pod as files.
          fc: A disk of a Fibre Channel network.
          azureFile: A file share of Azure; carried out by its CSI driver.
          configMap: A ConfigMap's keys as files.
          vsphereVolume: A disk of vSphere; carried out by its CSI driver.
          quobyte: A Quobyte volume; not carried out any more.
          azureDisk: A disk of Azure; carried out by its CSI driver.
          photonPersistentDisk: A disk of Photon; not carried out any more.
          projected: Files from several sources in one directory.
          portworxVolume: A Portworx volume; carried out by its CSI driver.
          scaleIO: A ScaleIO volume; not carried out any more.
          storageos: A StorageOS volume; not carried out any more.
          csi: A volume that a CSI driver makes for the pod.
          ephemeral: A claim that is made for the pod and goes with it.
          image: What is in an image, read-only.
        VolumeDevice: Where a block volume appears in a container.
          name: The volume's name in the pod; it must be a claim with volumeMode Block.
          devicePath: The path of the device in the container.
        VolumeMount: Where a volume appears in a container.
          name: The volume's name in the pod.
          readOnly: True mounts it read-only; false when nothing is said.
          recursiveReadOnly: Whether mounts below it are read-only too: Disabled, IfPossible or Enabled; Disabled when
            nothing is said.
          mountPath: The path in the container at which it appears; without ":".
          subPath: The path within the volume that appears; the whole volume when empty.
          mountPropagation: HostToContainer shows later mounts of the node, Bidirectional the container's to the node
            too, None neither; None when nothing is said.
          subPathExpr: The same as subPath, with $(NAME) replaced by environment variables; only one of both.
        VolumeMountStatus: A volume that a container has mounted.
          name: The volume's name.
          mountPath: The path in the container.
          readOnly: Whether it is read-only.
          recursiveReadOnly: Disabled or Enabled: whether mounts below it are read-only too.
          volumeStatus: More about the volume.
        VolumeProjection: One source of a projected volume; exactly one of these.
          secret: A Secret's keys.
          downwardAPI: What is known about the pod.
          configMap: A ConfigMap's keys.
          serviceAccountToken: A token of the pod's ServiceAccount.
          clusterTrustBundle: Certificates of authorities.
          podCertificate: A private key and a certificate.
        VolumeStatus: What is known about a volume that is mounted.
          image: Of a volume that is an image.
        """
}
