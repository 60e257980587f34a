import NetTypes
import ServiceProxy

/// What a kube-proxy in iptables mode has for one Service, in its shape: two endpoints, a node port, and what the kubelet
/// and others have beside it.
enum KubeProxyRules {
    static let endpoints = ["10.30.1.11", "10.30.2.11"]

    static var text: String {
        let front =
            "-d \(Scenario.clusterIP)/32 -p tcp -m comment --comment \"default/web cluster IP\" -m tcp --dport 80"
        return """
            *mangle
            :KUBE-IPTABLES-HINT - [0:0]
            :KUBE-KUBELET-CANARY - [0:0]
            :KUBE-PROXY-CANARY - [0:0]
            COMMIT
            *filter
            :KUBE-EXTERNAL-SERVICES - [0:0]
            :KUBE-FIREWALL - [0:0]
            :KUBE-FORWARD - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-PROXY-CANARY - [0:0]
            :KUBE-PROXY-FIREWALL - [0:0]
            :KUBE-SERVICES - [0:0]
            -A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
            -A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
            -A INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES
            -A INPUT -j KUBE-FIREWALL
            -A FORWARD -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL
            -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
            -A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES
            -A OUTPUT -m conntrack --ctstate NEW -j KUBE-SERVICES
            -A OUTPUT -j KUBE-FIREWALL
            -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
            -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
            -A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
            -A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            COMMIT
            *nat
            :KUBE-EXT-AAAAAAAAAAAAAAAA - [0:0]
            :KUBE-MARK-MASQ - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-POSTROUTING - [0:0]
            :KUBE-SEP-AAAAAAAAAAAAAAAA - [0:0]
            :KUBE-SEP-BBBBBBBBBBBBBBBB - [0:0]
            :KUBE-SERVICES - [0:0]
            :KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]
            :OTHERS - [0:0]
            -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
            -A POSTROUTING -j OTHERS
            -A KUBE-SERVICES \(front) -j KUBE-SVC-AAAAAAAAAAAAAAAA
            -A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
            -A KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j KUBE-EXT-AAAAAAAAAAAAAAAA
            -A KUBE-EXT-AAAAAAAAAAAAAAAA -j KUBE-MARK-MASQ
            -A KUBE-EXT-AAAAAAAAAAAAAAAA -j KUBE-SVC-AAAAAAAAAAAAAAAA
            -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
            -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
            -A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
            -A KUBE-POSTROUTING -j MASQUERADE --random-fully
            -A KUBE-SVC-AAAAAAAAAAAAAAAA -m statistic --mode random --probability 0.5 -j KUBE-SEP-AAAAAAAAAAAAAAAA
            -A KUBE-SVC-AAAAAAAAAAAAAAAA -j KUBE-SEP-BBBBBBBBBBBBBBBB
            -A KUBE-SEP-AAAAAAAAAAAAAAAA -s \(endpoints[0])/32 -j KUBE-MARK-MASQ
            -A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m tcp -j DNAT --to-destination \(endpoints[0]):8080
            -A KUBE-SEP-BBBBBBBBBBBBBBBB -s \(endpoints[1])/32 -j KUBE-MARK-MASQ
            -A KUBE-SEP-BBBBBBBBBBBBBBBB -p tcp -m tcp -j DNAT --to-destination \(endpoints[1]):8080
            COMMIT

            """
    }

    /// What is not kube-proxy's.
    static let staying: Set<String> = [
        "mangle KUBE-IPTABLES-HINT", "mangle KUBE-KUBELET-CANARY", "filter KUBE-FIREWALL", "nat OTHERS",
    ]

    /// The same Service as ours.
    static var scenario: Scenario {
        Scenario(
            name: "kube-proxy's", services: ["web": .everywhere()],
            slices: [.of([(endpoints[0], "here"), (endpoints[1], "there")])])
    }
}

extension IPTablesDump {
    /// `nat KUBE-SERVICES`, without those of iptables' own.
    var userChains: Set<String> {
        Set(
            tables.flatMap { name, table in
                table.chains.keys.filter { !table.builtIn.contains($0) }.map { "\(name) \($0)" }
            })
    }

    /// Rules in iptables' own chains.
    var baseRules: [String] { tables.values.flatMap { table in table.builtIn.flatMap { table.chains[$0] ?? [] } } }
}
