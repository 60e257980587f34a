extension CoreV1 {
    static let containers = """
        AppArmorProfile
          type 1 string required enum(Localhost,RuntimeDefault,Unconfined) ownWords
          localhostProfile 2 string?
        Capabilities
          add 1 [string]
          drop 2 [string]
        ConfigMapEnvSource
          @1 LocalObjectReference
          optional 2 bool?
        ConfigMapKeySelector atomic
          @1 LocalObjectReference
          key 2 string required
          optional 3 bool?
        Container
          name 1 string required
          image 2 string
          command 3 [string]
          args 4 [string]
          workingDir 5 string
          ports 6 [ContainerPort] map(containerPort,protocol) merge(containerPort)
          envFrom 19 [EnvFromSource]
          env 7 [EnvVar] map(name) merge(name)
          resources 8 ResourceRequirements always
          resizePolicy 23 [ContainerResizePolicy]
          restartPolicy 24 string?
          restartPolicyRules 25 [ContainerRestartRule]
          volumeMounts 9 [VolumeMount] map(mountPath) merge(mountPath)
          volumeDevices 21 [VolumeDevice] map(devicePath) merge(devicePath)
          livenessProbe 10 Probe
          readinessProbe 11 Probe
          startupProbe 22 Probe
          lifecycle 12 Lifecycle
          terminationMessagePath 13 string default("/dev/termination-log")
          terminationMessagePolicy 20 string enum(File,FallbackToLogsOnError) default("File")
          imagePullPolicy 14 string enum(Always,IfNotPresent,Never)
          securityContext 15 SecurityContext
          stdin 16 bool
          stdinOnce 17 bool
          tty 18 bool
        ContainerExtendedResourceRequest
          containerName 1 string required
          resourceName 2 string required
          requestName 3 string required
        ContainerPort
          name 1 string
          hostPort 2 int32
          containerPort 3 int32 required
          protocol 4 string enum(SCTP,TCP,UDP) default("TCP")
          hostIP 5 string
        ContainerResizePolicy
          resourceName 1 string required
          restartPolicy 2 string required
        ContainerRestartRule
          action 1 string required
          exitCodes 2 ContainerRestartRuleOnExitCodes
        ContainerRestartRuleOnExitCodes
          operator 1 string required enum(In,NotIn)
          values 2 [int32] set
        ContainerState
          waiting 1 ContainerStateWaiting
          running 2 ContainerStateRunning
          terminated 3 ContainerStateTerminated
        ContainerStateRunning
          startedAt 1 Time
        ContainerStateTerminated
          exitCode 1 int32 required
          signal 2 int32
          reason 3 string
          message 4 string
          startedAt 5 Time
          finishedAt 6 Time
          containerID 7 string
        ContainerStateWaiting
          reason 1 string
          message 2 string
        ContainerStatus
          name 1 string required
          state 2 ContainerState always
          lastState 3 ContainerState always
          ready 4 bool required
          restartCount 5 int32 required
          image 6 string required
          imageID 7 string required
          containerID 8 string
          started 9 bool?
          allocatedResources 10 {Quantity}
          resources 11 ResourceRequirements
          volumeMounts 12 [VolumeMountStatus] map(mountPath) merge(mountPath)
          user 13 ContainerUser
          allocatedResourcesStatus 14 [ResourceStatus] map(name) merge(name)
          stopSignal 15 string?
        ContainerUser
          linux 1 LinuxContainerUser
        EnvFromSource
          prefix 1 string
          configMapRef 2 ConfigMapEnvSource
          secretRef 3 SecretEnvSource
        EnvVar
          name 1 string required
          value 2 string
          valueFrom 3 EnvVarSource
        EnvVarSource
          fieldRef 1 ObjectFieldSelector
          resourceFieldRef 2 ResourceFieldSelector
          configMapKeyRef 3 ConfigMapKeySelector
          secretKeyRef 4 SecretKeySelector
          fileKeyRef 5 FileKeySelector
        EphemeralContainer
          @1 EphemeralContainerCommon
          targetContainerName 2 string
        EphemeralContainerCommon
          name 1 string
          image 2 string
          command 3 [string]
          args 4 [string]
          workingDir 5 string
          ports 6 [ContainerPort] map(containerPort,protocol) merge(containerPort)
          envFrom 19 [EnvFromSource]
          env 7 [EnvVar] map(name) merge(name)
          resources 8 ResourceRequirements always
          resizePolicy 23 [ContainerResizePolicy]
          restartPolicy 24 string?
          restartPolicyRules 25 [ContainerRestartRule]
          volumeMounts 9 [VolumeMount] map(mountPath) merge(mountPath)
          volumeDevices 21 [VolumeDevice] map(devicePath) merge(devicePath)
          livenessProbe 10 Probe
          readinessProbe 11 Probe
          startupProbe 22 Probe
          lifecycle 12 Lifecycle
          terminationMessagePath 13 string default("/dev/termination-log")
          terminationMessagePolicy 20 string enum(File,FallbackToLogsOnError) default("File")
          imagePullPolicy 14 string enum(Always,IfNotPresent,Never)
          securityContext 15 SecurityContext
          stdin 16 bool
          stdinOnce 17 bool
          tty 18 bool
        ExecAction
          command 1 [string]
        FileKeySelector atomic
          volumeName 1 string required
          path 2 string required
          key 3 string required
          optional 4 bool? default(false)
        GRPCAction
          port 1 int32 required
          service 2 string? default("")
        HTTPGetAction
          path 1 string default("/")
          port 2 IntOrString required
          host 3 string
          scheme 4 string enum(HTTP,HTTPS) default("HTTP")
          httpHeaders 5 [HTTPHeader]
        HTTPHeader
          name 1 string required
          value 2 string required
        Lifecycle
          postStart 1 LifecycleHandler
          preStop 2 LifecycleHandler
          stopSignal 3 string?
        LifecycleHandler
          exec 1 ExecAction
          httpGet 2 HTTPGetAction
          tcpSocket 3 TCPSocketAction
          sleep 4 SleepAction
        LinuxContainerUser
          uid 1 int64 required
          gid 2 int64 required
          supplementalGroups 3 [int64]
        ObjectFieldSelector atomic
          apiVersion 1 string default("v1")
          fieldPath 2 string required
        Probe
          @1 ProbeHandler
          initialDelaySeconds 2 int32
          timeoutSeconds 3 int32 default(1)
          periodSeconds 4 int32 default(10)
          successThreshold 5 int32 default(1)
          failureThreshold 6 int32 default(3)
          terminationGracePeriodSeconds 7 int64?
        ProbeHandler
          exec 1 ExecAction
          httpGet 2 HTTPGetAction
          tcpSocket 3 TCPSocketAction
          grpc 4 GRPCAction
        ResourceClaim
          name 1 string required
          request 2 string
        ResourceFieldSelector atomic
          containerName 1 string
          resource 2 string required
          divisor 3 Quantity
        ResourceHealth
          resourceID 1 string required
          health 2 string
          message 6 string?
        ResourceRequirements
          limits 1 {Quantity}
          requests 2 {Quantity}
          claims 3 [ResourceClaim] map(name)
        ResourceStatus
          name 1 string required
          resources 2 [ResourceHealth] map(resourceID)
        SELinuxOptions
          user 1 string
          role 2 string
          type 3 string
          level 4 string
        SeccompProfile
          type 1 string required enum(Localhost,RuntimeDefault,Unconfined) ownWords
          localhostProfile 2 string?
        SecretEnvSource
          @1 LocalObjectReference
          optional 2 bool?
        SecretKeySelector atomic
          @1 LocalObjectReference
          key 2 string required
          optional 3 bool?
        SecurityContext
          capabilities 1 Capabilities
          privileged 2 bool?
          seLinuxOptions 3 SELinuxOptions
          windowsOptions 10 WindowsSecurityContextOptions
          runAsUser 4 int64?
          runAsGroup 8 int64?
          runAsNonRoot 5 bool?
          readOnlyRootFilesystem 6 bool?
          allowPrivilegeEscalation 7 bool?
          procMount 9 string? enum(Default,Unmasked)
          seccompProfile 11 SeccompProfile
          appArmorProfile 12 AppArmorProfile
        SleepAction
          seconds 1 int64 required
        TCPSocketAction
          port 1 IntOrString required
          host 2 string
        WindowsSecurityContextOptions
          gmsaCredentialSpecName 1 string?
          gmsaCredentialSpec 2 string?
          runAsUserName 3 string?
          hostProcess 4 bool?
        """
}
