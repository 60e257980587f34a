extension CoreV1 {
    static let containerDescriptions = """
        Container: A program that runs in a pod.
          name: The container's name, unique in its pod, as a label of DNS; cannot be changed.
          image: The image's name, with a tag or digest.
          command: What is run instead of the image's entrypoint, without a shell. $(NAME) stands for an environment
            variable, $$(NAME) for that text.
          args: Arguments of what is run, instead of the image's; $(NAME) is replaced as in command.
          workingDir: The directory in which it is run; the image's when nothing is said.
          ports: Ports on which the container listens. Others can be reached too; a hostPort opens one on the node.
          envFrom: ConfigMaps and Secrets whose keys all become environment variables; of equal names the last counts,
            and env before all.
          env: Environment variables.
          resources: CPU, memory and other resources.
          resizePolicy: Whether a change of resources restarts the container, by resource.
          restartPolicy: Of an init container, Always lets it run beside the others for as long as the pod does;
            otherwise what becomes of it when it ends, instead of the pod's policy.
          restartPolicyRules: Exceptions from restartPolicy by the exit code; the first that fits counts.
          volumeMounts: Where the pod's volumes appear in the container's file system.
          volumeDevices: Where the pod's block volumes appear as devices.
          livenessProbe: Asks whether the container still works; when it fails, the container is restarted.
          readinessProbe: Asks whether the container can serve; while it fails, Services send nothing to the pod.
          startupProbe: Asks whether the container has started; until it succeeds, the other probes wait, and when it
            fails, the container is restarted.
          lifecycle: What is done after the container starts and before it ends.
          terminationMessagePath: The file in the container in which it may leave its last words, for its status;
            /dev/termination-log when nothing is said. Cannot be changed.
          terminationMessagePolicy: File takes the last words from the file only, FallbackToLogsOnError from the end of
            the log when the file is empty and the container failed; File when nothing is said.
          imagePullPolicy: Always asks the registry at each start, IfNotPresent only when the node has no such image,
            Never not at all. When nothing is said, Always for the tag "latest", otherwise IfNotPresent.
          securityContext: With which rights the container runs; counts before the pod's.
          stdin: True keeps a standard input open for those who attach.
          stdinOnce: True closes the standard input when the first who attached goes.
          tty: True gives the container a terminal; stdin must be true too.
        ContainerPort: A port on which a container listens.
          name: The port's name, unique in the pod, by which Services and probes can say it; 15 characters at most.
          hostPort: The port of the node that leads here; none when nothing is said.
          containerPort: The number of the port, from 1 to 65535.
          protocol: TCP, UDP or SCTP; TCP when nothing is said.
          hostIP: The node's address at which hostPort is opened; all when nothing is said.
        ContainerResizePolicy: Whether a change of a resource restarts a container.
          resourceName: The resource: cpu or memory.
          restartPolicy: NotRequired or RestartContainer; NotRequired when nothing is said.
        ContainerRestartRule: What to do when a container ends with certain exit codes.
          action: Restart runs the container again; RestartAllContainers runs all of the pod again.
          exitCodes: The exit codes that it is for.
        ContainerRestartRuleOnExitCodes: Some exit codes.
          operator: In for those in values, NotIn for all others.
          values: Exit codes, from 0 to 255; 255 of them at most.
        EphemeralContainer: A program that is put into a running pod to look into it; it has no ports and no probes, and
            is never restarted.
          @Container
          ports: Not allowed here.
          resources: Not allowed here: it uses what the pod has left.
          resizePolicy: Not allowed here.
          restartPolicy: Not allowed here.
          restartPolicyRules: Not allowed here.
          livenessProbe: Not allowed here.
          readinessProbe: Not allowed here.
          startupProbe: Not allowed here.
          lifecycle: Not allowed here.
          targetContainerName: The container whose processes it sees, if the container runtime can do that.
        ResourceClaim: One of the pod's claims of devices that a container uses.
          name: The claim's name in the pod's resourceClaims.
          request: The request within the claim whose devices are used; all when nothing is said.
        ResourceRequirements: What a container or pod needs, and may use at most.
          limits: The most that it may use, by resource.
          requests: What is kept for it, by resource; the limits when nothing is said.
          claims: Devices that it uses, from the pod's resourceClaims; cannot be changed.
        """
}
