extension CoreV1 {
    static let securityDescriptions = """
        AppArmorProfile: Which AppArmor profile confines a container.
          type: Localhost for a profile of the node, RuntimeDefault for the container runtime's, Unconfined for none.
          localhostProfile: The name of the profile that the node has loaded; for Localhost only.
        Capabilities: How a container's rights differ from the container runtime's default.
          add: Capabilities that it has besides, such as "NET_ADMIN".
          drop: Capabilities that it does not have; "ALL" for all.
        PodSecurityContext: With which rights all containers of a pod run.
          seLinuxOptions: The SELinux label of all containers; made by the container runtime when nothing is said.
          windowsOptions: Settings for Windows.
          runAsUser: The number of the user that runs the containers; the image's when nothing is said.
          runAsGroup: The number of the group that runs the containers; the runtime's choice when nothing is said.
          runAsNonRoot: True refuses to start a container whose user is root.
          supplementalGroups: Numbers of further groups of all containers.
          supplementalGroupsPolicy: Merge adds the groups that the image gives the user, Strict leaves them out; Merge
            when nothing is said.
          fsGroup: The number of a group that all containers are in, and that owns what is in the volumes that can be
            owned.
          sysctls: Settings of the kernel for the pod's namespaces.
          fsGroupChangePolicy: Always sets the group of everything in a volume at each mount, OnRootMismatch only when
            the top directory has another; Always when nothing is said.
          seccompProfile: Which system calls are allowed.
          appArmorProfile: The AppArmor profile of all containers.
          seLinuxChangePolicy: How volumes get the SELinux label: MountOption at once when they are mounted, Recursive
            file by file.
        SELinuxOptions: A label of SELinux.
          user: The label's user.
          role: The label's role.
          type: The label's type.
          level: The label's level.
        SeccompProfile: A profile of seccomp.
          type: Localhost for a profile of the node, RuntimeDefault for the container runtime's, Unconfined for all
            calls.
          localhostProfile: The profile's file, below the kubelet's directory for them; for Localhost only.
        SecurityContext: With which rights a container runs.
          capabilities: Rights beyond or below the container runtime's default.
          privileged: True gives the container nearly all rights of root on the node; false when nothing is said.
          seLinuxOptions: The container's SELinux label; the pod's when nothing is said.
          windowsOptions: Settings for Windows.
          runAsUser: The number of the user that runs the container; the pod's, then the image's when nothing is said.
          runAsGroup: The number of the group that runs the container; the pod's when nothing is said.
          runAsNonRoot: True refuses to start the container when its user is root; the pod's when nothing is said.
          readOnlyRootFilesystem: True forbids writing to the container's own file system; false when nothing is said.
          allowPrivilegeEscalation: False keeps processes from ever having more rights than their parent; always true
            for privileged containers and those with CAP_SYS_ADMIN.
          procMount: Default hides some of /proc, Unmasked hides nothing and needs a user namespace; Default when
            nothing is said.
          seccompProfile: Which system calls are allowed; the pod's when nothing is said.
          appArmorProfile: The container's AppArmor profile; the pod's when nothing is said.
        Sysctl: A setting of the kernel.
          name: The setting's name, such as "net.ipv4.ip_unprivileged_port_start".
          value: The value to set.
        WindowsSecurityContextOptions: How a container runs on Windows.
          gmsaCredentialSpecName: The name of the group managed service account's credential spec.
          gmsaCredentialSpec: That credential spec itself, put in by an admission webhook.
          runAsUserName: The user that runs the container; the image's when nothing is said.
          hostProcess: True runs the container's processes on the host itself; all containers of a pod must agree, and
            hostNetwork be true.
        """
}
