/// Configurations as they are met.
enum ConfigurationSamples {
    static let header = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n"

    /// As kubeadm makes it: every key, most of them with nothing.
    static let kubeadm = """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        bindAddress: 0.0.0.0
        bindAddressHardFail: false
        clientConnection:
          acceptContentTypes: ""
          burst: 0
          contentType: ""
          kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
          qps: 0
        clusterCIDR: 10.244.0.0/16
        configSyncPeriod: 0s
        conntrack:
          maxPerCore: null
          min: null
          tcpBeLiberal: false
          tcpCloseWaitTimeout: null
          tcpEstablishedTimeout: null
          udpStreamTimeout: 0s
          udpTimeout: 0s
        detectLocal:
          bridgeInterface: ""
          interfaceNamePrefix: ""
        detectLocalMode: ""
        enableProfiling: false
        healthzBindAddress: ""
        hostnameOverride: ""
        iptables:
          localhostNodePorts: null
          masqueradeAll: false
          masqueradeBit: null
          minSyncPeriod: 0s
          syncPeriod: 0s
        ipvs:
          excludeCIDRs: null
          minSyncPeriod: 0s
          scheduler: ""
          strictARP: false
          syncPeriod: 0s
          tcpFinTimeout: 0s
          tcpTimeout: 0s
          udpTimeout: 0s
        kind: KubeProxyConfiguration
        logging:
          flushFrequency: 0
          options:
            json:
              infoBufferSize: "0"
            text:
              infoBufferSize: "0"
          verbosity: 0
        metricsBindAddress: ""
        mode: ""
        nftables:
          masqueradeAll: false
          masqueradeBit: null
          minSyncPeriod: 0s
          syncPeriod: 0s
        nodePortAddresses: null
        oomScoreAdj: null
        portRange: ""
        showHiddenMetricsForVersion: ""
        winkernel:
          enableDSR: false
          forwardHealthCheckVip: false
          networkName: ""
          rootHnsEndpointName: ""
          sourceVip: ""
        """

    /// Every key that there is, none with its default.
    static let everyKey = """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        bindAddress: 192.168.1.7
        bindAddressHardFail: true
        clientConnection:
          acceptContentTypes: application/json
          burst: 100
          contentType: application/json
          kubeconfig: /etc/proxy.conf
          qps: 7.5
        clusterCIDR: 10.10.0.0/16,fd00:10::/56
        configSyncPeriod: 15s
        conntrack:
          maxPerCore: 2
          min: 1
          tcpBeLiberal: true
          tcpCloseWaitTimeout: 10s
          tcpEstablishedTimeout: 1h30m
          udpStreamTimeout: 250ms
          udpTimeout: 1m30s
        detectLocal:
          bridgeInterface: cbr0
          interfaceNamePrefix: veth
        detectLocalMode: BridgeInterface
        enableProfiling: true
        featureGates:
          AllowServiceExternalIPs: false
          SomethingElse: true
        healthzBindAddress: 1.2.3.4:12345
        hostnameOverride: " Node-A "
        iptables:
          localhostNodePorts: false
          masqueradeAll: true
          masqueradeBit: 17
          minSyncPeriod: 10s
          syncPeriod: 60s
        logging:
          format: json
          verbosity: 4
        metricsBindAddress: "[fd00:2::5]:23456"
        mode: nftables
        nftables:
          masqueradeAll: true
          masqueradeBit: 0
          minSyncPeriod: 5s
          syncPeriod: 50s
        nodePortAddresses:
        - 10.20.30.40/16
        - fd00:1::/64
        - localhost
        oomScoreAdj: 0
        showHiddenMetricsForVersion: "1.35"
        """
}
