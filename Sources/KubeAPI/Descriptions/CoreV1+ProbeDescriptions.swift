extension CoreV1 {
    static let probeDescriptions = """
        ExecAction: A command that is run in a container; it succeeds when it exits with 0.
          command: The program and its arguments; no shell is in between.
        GRPCAction: A question of gRPC's health protocol; it succeeds when the answer is SERVING.
          port: The number of the port, from 1 to 65535.
          service: The service's name in the question; empty when nothing is said.
        HTTPGetAction: An HTTP GET request; it succeeds with a status code from 200 to 399.
          path: The path of the request; "/" when nothing is said.
          port: The port, by number or by the name that the container gives it.
          host: The host to ask; the pod's address when nothing is said. For another name in the request, set a Host
            header.
          scheme: HTTP or HTTPS, whose certificate is not checked; HTTP when nothing is said.
          httpHeaders: Headers of the request; a name may be there several times.
        HTTPHeader: A header of an HTTP request.
          name: The header's name.
          value: The header's value.
        Lifecycle: What is done at the turns of a container's life.
          postStart: Done right after the container has started; when it fails, the container is restarted.
          preStop: Done before the container is told to end; the time counts as part of the pod's grace period.
          stopSignal: The signal that tells the container to end, such as SIGUSR1; needs the pod's os.name. The image's
            own when nothing is said, otherwise SIGTERM.
        LifecycleHandler: One thing to do; exactly one of these.
          exec: Run a command in the container.
          httpGet: Send an HTTP request.
          tcpSocket: Not carried out; for old objects only.
          sleep: Wait.
        Probe: A question that is put to a container again and again.
          exec: Run a command in the container.
          httpGet: Send an HTTP request.
          tcpSocket: Open a TCP connection.
          grpc: Ask gRPC's health service.
          initialDelaySeconds: Seconds from the container's start to the first question; 0 when nothing is said.
          timeoutSeconds: Seconds after which a question without an answer has failed; at least 1, and 1 when nothing is
            said.
          periodSeconds: Seconds from one question to the next; at least 1, and 10 when nothing is said.
          successThreshold: Successes in a row after a failure that count as success; 1 when nothing is said, and always
            1 for liveness and startup.
          failureThreshold: Failures in a row after a success that count as failure; at least 1, and 3 when nothing is
            said.
          terminationGracePeriodSeconds: Seconds that the container has to end when the probe fails; at least 1, the
            pod's grace period when nothing is said. Not for readiness.
        SleepAction: Waiting.
          seconds: How many seconds; no more than the pod's grace period.
        TCPSocketAction: A TCP connection; it succeeds when it opens.
          port: The port, by number or by the name that the container gives it.
          host: The host to connect to; the pod's address when nothing is said.
        """
}
