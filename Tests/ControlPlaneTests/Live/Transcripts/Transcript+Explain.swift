extension Transcript {
    static let explain = Transcript(
        "explain",
        #"""
        // from 1.27: it printed another form before
        $ kubectl explain pod.spec.containers.livenessProbe
        KIND:       Pod
        VERSION:    v1

        FIELD: livenessProbe <Probe>


        DESCRIPTION:
            Asks whether the container still works; when it fails, the container is
            restarted.
            A question that is put to a container again and again.
        ...
        FIELDS:
          exec	<ExecAction>
            Run a command in the container.

          failureThreshold	<integer>
            Failures in a row after a success that count as failure; at least 1, and 3
            when nothing is said.

          grpc	<GRPCAction>
            Ask gRPC's health service.

          httpGet	<HTTPGetAction>
            Send an HTTP request.

          initialDelaySeconds	<integer>
            Seconds from the container's start to the first question; 0 when nothing is
            said.

          periodSeconds	<integer>
            Seconds from one question to the next; at least 1, and 10 when nothing is
            said.

          successThreshold	<integer>
            Successes in a row after a failure that count as success; 1 when nothing is
            said, and always 1 for liveness and startup.

          tcpSocket	<TCPSocketAction>
            Open a TCP connection.

          terminationGracePeriodSeconds	<integer>
            Seconds that the container has to end when the probe fails; at least 1, the
            pod's grace period when nothing is said. Not for readiness.

          timeoutSeconds	<integer>
            Seconds after which a question without an answer has failed; at least 1, and
            1 when nothing is said.


        // from 1.27: as above
        $ kubectl explain networkpolicy.spec.ingress.from
        GROUP:      networking.k8s.io
        KIND:       NetworkPolicy
        VERSION:    v1

        FIELD: from <[]NetworkPolicyPeer>


        DESCRIPTION:
            From whom; everybody when empty.
            Somebody with whom pods may have traffic: selected pods or a range of
            addresses.
        ...
        FIELDS:
          ipBlock	<IPBlock>
            A range of addresses, instead of the selectors.

          namespaceSelector	<LabelSelector>
            Finds namespaces by their labels; all their pods count without podSelector.

          podSelector	<LabelSelector>
            Finds pods by their labels, in the namespaces of namespaceSelector; in the
            policy's own without that.


        $ kubectl explain statefulset.spec | grep -c 'no description'
        0
        [1]
        $ kubectl explain ingress.spec.tls.secretName | grep -o 'Secret with the certificate'
        Secret with the certificate
        $ kubectl explain service.spec.ports.port | grep -iE '^(kind|version|field)'
        KIND:...Service
        VERSION:...v1
        FIELD:...port <integer>...
        $ kubectl explain deployment --api-version=apps/v1 --recursive | grep -cE 'matchLabels.*map.string.string'
        ...
        $ kubectl explain pod.spec.nothing >/dev/null
        ! error: field "nothing" does not exist
        [1]
        $ kubectl explain deployment --api-version=apps/v2
        ! ...
        [1]
        $ kubectl explain horizontalpodautoscaler.spec --api-version=autoscaling/v1 | grep -o targetCPUUtilizationPercentage
        targetCPUUtilizationPercentage
        """#)
}
