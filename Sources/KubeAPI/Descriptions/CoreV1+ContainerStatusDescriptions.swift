extension CoreV1 {
    static let containerStatusDescriptions = """
        ContainerExtendedResourceRequest: Which claim fulfils what a container asks for as an extended resource.
          containerName: The container.
          resourceName: The extended resource.
          requestName: The request within the claim.
        ContainerState: What a container is doing; one of these.
          waiting: It does not run yet: its image is fetched, for instance.
          running: It runs.
          terminated: It has ended.
        ContainerStateRunning: A container that runs.
          startedAt: When it was started.
        ContainerStateTerminated: A container that has ended.
          exitCode: Its exit code.
          signal: The number of the signal that ended it, if one did.
          reason: One word for why it ended, such as Completed, Error or OOMKilled.
          message: What it left as its last words.
          startedAt: When it was started.
          finishedAt: When it ended.
          containerID: Its identity in the container runtime, as "type://id".
        ContainerStateWaiting: A container that does not run yet.
          reason: One word for why, such as ContainerCreating or ImagePullBackOff.
          message: The same at length.
        ContainerStatus: What is known about a container.
          name: The container's name.
          state: What it is doing.
          lastState: How it ended the last time, if it was restarted.
          ready: Whether it can serve, by its probes.
          restartCount: How often it has been restarted.
          image: The image that it runs; may be called otherwise than in the spec.
          imageID: The image's identity.
          containerID: Its identity in the container runtime, as "type://id".
          started: True once it has started, by its startup probe and postStart.
          allocatedResources: The requests that the node has granted it, by resource.
          resources: The requests and limits that are in force.
          volumeMounts: The volumes that it has mounted.
          user: The user as which its first process was started.
          allocatedResourcesStatus: The health of the devices that it uses.
          stopSignal: The signal that will tell it to end.
        ContainerUser: A user, by operating system.
          linux: On Linux.
        LinuxContainerUser: A user on Linux.
          uid: The user's number.
          gid: The number of the user's group.
          supplementalGroups: The numbers of further groups.
        ResourceHealth: The health of one device.
          resourceID: The device's identity.
          health: Healthy, Unhealthy or Unknown; Unknown when nothing is said.
          message: More about it, for people.
        ResourceStatus: The health of the devices of one resource.
          name: The resource, or "claim:NAME/REQUEST" for devices of a claim.
          resources: The devices, one by one.
        """
}
