import Daemon
import HTTP
import NetTypes
import Overlay
import Store
import Testing

@Suite struct OverlayOptionsTests {
    func options(_ words: [String], _ environment: [String: String] = [:]) throws -> OverlayOptions {
        try OverlayOptions(
            Arguments(
                OverlayFlags.all, words, environment: environment, environmentPrefix: OverlayFlags.environmentPrefix))
    }

    @Test func `Without flags everything is as flannel has it`() throws {
        let options = try options([])
        #expect(options.etcd.endpoints == ["http://127.0.0.1:4001", "http://127.0.0.1:2379"])
        #expect(options.etcdPrefix == "/coreos.com/network")
        #expect(options.subnetFile == "/run/flannel/subnet.env")
        #expect(options.renewMargin == .seconds(3600))
        #expect(options.traffic == TrafficOptions(masquerades: false))
        #expect(options.health == nil)
    }

    @Test func `A unit file for flanneld works unchanged`() throws {
        let options = try options(
            [
                "-etcd-endpoints=https://10.0.0.1:2379,https://10.0.0.2:2379", "--etcd-cafile=/ca", "-etcd-certfile",
                "/crt", "--etcd-keyfile", "/key", "--iface=eth1", "-iface", "eth2", "--ip-masq",
                "--iptables-forward-rules=false", "--healthz-port=8081", "--healthz-ip", "127.0.0.1",
                "--subnet-lease-renew-margin=30", "--ip-blackhole-route", "--kube-subnet-mgr=false",
            ])
        #expect(options.etcd.endpoints.count == 2)
        #expect(options.etcd.tls.certificate == "/crt")
        #expect(options.selection.names == ["eth1", "eth2"])
        #expect(options.traffic.masquerades && !options.traffic.acceptsForwarding)
        #expect(options.renewMargin == .seconds(1800))
        #expect(options.health?.port == 8081)
        #expect(options.hasBlackholeRoute)
    }

    @Test func `The environment counts where the command line is silent`() throws {
        let environment = ["FLANNELD_IFACE": "eth7", "FLANNELD_IP_MASQ": "true", "FLANNELD_PUBLIC_IP": "10.0.0.1"]
        let both = try options(["--iface=eth1"], environment)
        #expect(both.selection.names == ["eth1"])
        #expect(both.traffic.masquerades)
        #expect(both.selection.publicIPv4 == IPAddress("10.0.0.1"))
    }

    @Test func `A manifest for flanneld on Kubernetes works unchanged`() throws {
        #expect(try options([]).kubernetes == nil)
        let plain = try options(["--ip-masq", "--kube-subnet-mgr", "--healthz-port=8081"])
        #expect(plain.kubernetes?.configPath == "/etc/kube-flannel/net-conf.json")
        #expect(plain.kubernetes?.keys == AnnotationKeys(prefix: "flannel.alpha.coreos.com"))
        #expect(plain.kubernetes?.clearsNetworkUnavailable == true && plain.kubernetes?.kubeconfig == nil)
        let words = [
            "--kube-api-url=https://10.0.0.1:6443", "--kubeconfig-file=/k", "--kube-annotation-prefix=example.com/mesh",
            "--net-config-path", "/n", "--set-node-network-unavailable=false",
        ]
        let full = try options(words, ["FLANNELD_KUBE_SUBNET_MGR": "true"])
        #expect(full.kubernetes?.kubeconfig == "/k" && full.kubernetes?.server == "https://10.0.0.1:6443")
        #expect(full.kubernetes?.keys == AnnotationKeys(prefix: "example.com/mesh-"))
        #expect(full.kubernetes?.configPath == "/n" && full.kubernetes?.clearsNetworkUnavailable == false)
    }

    @Test(
        "What is wrong or unsupported is named and refused",
        arguments: [
            (["--kube-subnet-mgr", "--kube-annotation-prefix=a/b/c"], "kube-annotation-prefix"),
            (["--kube-api-url=10.0.0.1"], "kube-api-url"), (["--kube-subnet-mgr=perhaps"], "kube-subnet-mgr"),
            (["--nonsense"], "nonsense"), (["--vmodule=a=1"], "vmodule"),
            (["--etcd-endpoints=10.0.0.1:2379"], "etcd-endpoints"), (["--etcd-keyfile=/k"], "etcd-certfile"),
            (["--iface-regex=("], "iface-regex"), (["--public-ip=fd00::1"], "public-ip"),
            (["--subnet-lease-renew-margin=1440"], "renew-margin"), (["--healthz-port=99999"], "healthz-port"),
            (["--iptables-resync=0"], "iptables-resync"), (["--log-format=xml"], "log-format"), (["extra"], "extra"),
        ])
    func refused(_ words: [String], _ name: String) {
        do {
            _ = try options(words)
            Issue.record("\(words) was accepted")
        } catch {
            #expect("\(error)".contains(name))
        }
    }
}
