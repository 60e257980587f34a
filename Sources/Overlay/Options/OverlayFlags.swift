package import Daemon

/// flanneld's command line, so that a unit file or a manifest works unchanged, and a few flags of our own.
package enum OverlayFlags {
    package static let environmentPrefix = "FLANNELD_"

    package static let all: [Flag] = [
        Flag(
            "etcd-endpoints", .string, default: "http://127.0.0.1:4001,http://127.0.0.1:2379",
            "etcd's URLs, separated by commas"),
        Flag(
            "etcd-prefix", .string, default: "/coreos.com/network", "where in etcd the configuration and the leases are"
        ),
        Flag("etcd-keyfile", .string, "key file of our certificate for etcd"),
        Flag("etcd-certfile", .string, "our certificate for etcd"),
        Flag("etcd-cafile", .string, "authority that etcd's certificate must come from"),
        Flag("etcd-username", .string, "etcd user"),
        Flag("etcd-password", .string, "the etcd user's password"),
        Flag(
            "iface", .string, isRepeatable: true,
            "underlay interface, by name or address; the first that is there is used"),
        Flag("iface-regex", .string, isRepeatable: true, "like --iface, by a POSIX extended regular expression"),
        Flag("iface-can-reach", .string, "take the interface by which this address is reached"),
        Flag("public-ip", .string, "address under which other nodes reach this one"),
        Flag("public-ipv6", .string, "IPv6 address under which other nodes reach this one"),
        Flag("subnet-file", .string, default: "/run/flannel/subnet.env", "where to write what the CNI plugin reads"),
        Flag(
            "subnet-lease-renew-margin", .integer, default: "60",
            "minutes before its end at which the lease is renewed, 1 to 1439"),
        Flag("ip-masq", .bool, default: "false", "masquerade what leaves the pod network"),
        Flag("ip-masq-fully-random-disable", .bool, default: "false", "masquerade without fully random ports"),
        Flag("ip-blackhole-route", .bool, default: "false", "route our subnet's unused addresses to nowhere"),
        Flag("iptables-forward-rules", .bool, default: "true", "accept forwarding from and to the pod network"),
        Flag(
            "iptables-resync", .integer, default: "5",
            "seconds between full checks of the rules; changes are noticed at once"),
        Flag("healthz-ip", .string, default: "0.0.0.0", "address of /healthz, /readyz, /metrics and /status"),
        Flag("healthz-port", .integer, default: "0", "port of /healthz, /readyz, /metrics and /status; 0 is off"),
        Flag(
            "kube-subnet-mgr", .bool, default: "false", "take subnets and leases from a cluster's Nodes instead of etcd"
        ),
        Flag("kube-api-url", .string, default: "", "the API server's URL, instead of the kubeconfig's"),
        Flag("kubeconfig-file", .string, default: "", "how to reach the API server; not set in a pod"),
        Flag(
            "kube-annotation-prefix", .string, default: AnnotationKeys.defaultPrefix,
            "what the names of a Node's annotations begin with"),
        Flag(
            "net-config-path", .string, default: "/etc/kube-flannel/net-conf.json",
            "the network's configuration, with --kube-subnet-mgr"),
        Flag(
            "set-node-network-unavailable", .bool, default: "true",
            "clear the Node's condition NetworkUnavailable when the network stands"),
        Flag("version", .bool, default: "false", "print the version and exit"),
        Flag("v", .integer, default: "0", "log verbosity; 1 and more log at level debug"),
        Flag("vmodule", .string, default: "", unsupported: "there is one log level; use --log-level"),
        Flag("log_backtrace_at", .string, default: "", unsupported: "backtraces are not logged"),
        Flag(
            "log-level", .choice(["error", "warning", "info", "debug"]), default: "info", "least important level to log"
        ),
        Flag("log-format", .choice(["text", "json"]), default: "text", "how log lines are written"),
        Flag(
            "state-dir", .string, default: "/var/lib/poplin/overlay",
            "where leases and the VTEP's MAC are kept over a reboot"),
        Flag("dry-run", .bool, default: "false", "print what would be changed in the kernel, change nothing, and exit"),
    ]
}
