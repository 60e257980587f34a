extension CoreV1 {
    static let environmentDescriptions = """
        ConfigMapEnvSource: A ConfigMap whose keys become environment variables.
          name: The ConfigMap's name.
          optional: True lets the container start without the ConfigMap.
        ConfigMapKeySelector: The ConfigMap, and the key.
          name: The ConfigMap's name.
          key: The key whose text is taken.
          optional: True lets the container start without the ConfigMap or the key.
        EnvFromSource: Something whose keys all become environment variables.
          prefix: Put before each key; may be empty.
          configMapRef: A ConfigMap.
          secretRef: A Secret.
        EnvVar: An environment variable.
          name: The variable's name; anything printable but "=".
          value: The value; $(NAME) stands for a variable that comes before, $$(NAME) for that text.
          valueFrom: Where the value comes from instead.
        EnvVarSource: Where the value of an environment variable comes from; exactly one of these.
          fieldRef: A field of the pod, such as metadata.name or status.podIP.
          resourceFieldRef: A request or limit of a container.
          configMapKeyRef: A key of a ConfigMap.
          secretKeyRef: A key of a Secret.
          fileKeyRef: A variable in a file on a volume.
        FileKeySelector: A variable in a file, which has lines of the form NAME=VALUE.
          volumeName: The pod's volume in which the file is; an emptyDir.
          path: The file's path in the volume; relative, and without "..".
          key: The variable's name in the file.
          optional: True lets the container start without the file or the variable; false when nothing is said.
        ObjectFieldSelector: A field of an object.
          apiVersion: The version in which the path is written; "v1" when nothing is said.
          fieldPath: The field's path, such as "metadata.labels['app']".
        ResourceFieldSelector: A resource, a container and a unit.
          containerName: The container; needed for volumes, otherwise its own.
          resource: What is taken, such as "limits.cpu" or "requests.memory".
          divisor: The unit of the number that comes out, such as "1m" or "1Mi"; 1 when nothing is said.
        SecretEnvSource: A Secret whose keys become environment variables.
          name: The Secret's name.
          optional: True lets the container start without the Secret.
        SecretKeySelector: The Secret, and the key.
          name: The Secret's name.
          key: The key whose bytes are taken.
          optional: True lets the container start without the Secret or the key.
        """
}
