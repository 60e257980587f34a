import JSON
import Lab
import Linux
import TestSupport
import Testing

@Suite(.requiresRoot, .enabled("needs poplin-cni: swift build", { Files.isExecutable(Executable.path) }))
struct CrashTests {
    private static let bridge: JSONValue = [
        "cniVersion": "1.1.0", "name": "net", "type": "bridge", "isDefaultGateway": true, "ipMasq": true,
        "macspoofchk": true,
        "ipam": ["type": "host-local", "ranges": [[["subnet": "10.88.0.0/24"]], [["subnet": "fd00:88::/64"]]]],
    ]
    private static let capabilities: JSONValue = [
        "runtimeConfig": [
            "portMappings": [["hostPort": 8080, "containerPort": 80], ["hostPort": 53, "containerPort": 53]],
            "bandwidth": [
                "ingressRate": 80_000_000, "ingressBurst": 8_000_000, "egressRate": 40_000_000,
                "egressBurst": 8_000_000,
            ],
        ]
    ]

    @Test(arguments: ["poplin", "bridge"])
    func `killed at any moment of an ADD: a DEL leaves nothing, and the next ADD works`(_ type: String) throws {
        let node = try PluginNode()
        let config = type == "poplin" ? try node.poplin(Self.capabilities) : Self.bridge
        var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        let seed = random
        var duration = Duration.zero
        var killed = 0
        for round in 0..<10 {
            let pod = try LabNamespace("pod")
            if round > 0 {
                let moment = Int.random(in: 1000...max(2000, Int(duration / .microseconds(1))), using: &random)
                let cut = try node.call(
                    "ADD", config, namespace: pod.path, killedAfter: min(moment, 900_000))
                if !cut.succeeded { killed += 1 }
                // Sometimes the namespace is gone by the time of the DEL.
                let path = Bool.random(using: &random) ? pod.path : ""
                for _ in 1...2 {
                    let answer = try node.call("DEL", config, namespace: path)
                    #expect(answer.succeeded, "\(seed), round \(round): \(answer.text)")
                }
                #expect(try node.leftovers().isEmpty, "\(seed), round \(round), \(moment) µs")
            }
            let next = try LabNamespace("pod")
            let start = ContinuousClock.now
            let answer = try node.call("ADD", config, namespace: next.path)
            duration = ContinuousClock.now - start
            #expect(answer.succeeded, "\(seed), round \(round): \(answer.text)")
            #expect(try node.call("DEL", config, namespace: next.path).succeeded)
            #expect(try node.leftovers().isEmpty, "\(seed), round \(round), after a whole ADD")
        }
        #expect(killed > 0)
    }

    /// No file of ours is needed to delete a pod.
    @Test(arguments: [
        "/run/poplin/cni/bridge/net/pod:eth0", "/run/poplin/cni/portmap/net/pod:eth0",
        "/run/poplin/cni/bandwidth/net/pod:eth0", "/run/poplin/cni/host-local/*/pod:eth0",
        "/var/lib/cni/poplin/poplin/net/pod:eth0", "/var/lib/cni/poplin/host-local/*.boot",
        "/var/lib/cni/networks/net/last_reserved_ip.0",
    ])
    func `a state file that somebody has damaged does not keep a pod from its DEL`(_ path: String) throws {
        let node = try PluginNode()
        let config = try node.poplin(Self.capabilities)
        let damages = [
            "head -c 300 /dev/urandom", "true", "echo '[]'", "echo '{}'",
            """
            echo '{"netns": 5, "netnsID": [], "state": {"port": 7, "addresses": ["x"], "mappings": [{}, 5]}, "name": 5}'
            """,
            """
            echo '{"netns": "/x", "netnsID": "1:2", "state": {"bridge": "cni0", "bridgeIndex": -99999999999999,
                "port": "../../x", "mac": "02:00:00:00:00:01", "addresses": ["x", "1.2.3.4/99"],
                "mappings": [{"hostPort": 99999999999}], "device": {}}}'
            """,
        ]
        for damage in damages {
            let pod = try LabNamespace("pod")
            let result = try node.call("ADD", config, namespace: pod.path)
            try #require(result.succeeded, "\(result.text)")
            try node.shell("file=$(echo \(path)); rm $file; \(damage) > $file")
            for _ in 1...2 {
                let answer = try node.call("DEL", config, namespace: pod.path, previous: result.json)
                #expect(answer.succeeded, "\(damage): \(answer.text)")
            }
            #expect(try !node.leftovers().contains { $0.contains("networks/net/10.88.") }, "\(damage)")
            // What only the damaged file knew (a port's name in `macspoofchk`) is left to GC.
            var gc = config.object ?? JSONObject()
            gc["cni.dev/valid-attachments"] = []
            let answer = try node.call("GC", .object(gc))
            #expect(answer.succeeded, "\(damage): \(answer.text)")
            #expect(try node.leftovers().isEmpty, "\(damage)")
            let next = try node.call("ADD", config, id: "next", namespace: pod.path)
            #expect(next.succeeded, "\(damage): \(next.text)")
            #expect(try node.call("DEL", config, id: "next", namespace: pod.path).succeeded)
        }
    }

    @Test func `of twenty that want one host port at once exactly one gets it, and the others leave nothing`() throws {
        let node = try PluginNode()
        let config = try node.poplin(["runtimeConfig": ["portMappings": [["hostPort": 8080, "containerPort": 80]]]])
        try Files.replace(node.directory.file("conf"), config.serialized().utf8)
        // Each namespace lives until the end; `up` says that its ADD is over.
        let script = """
            cd \(node.directory.path); export CNI_COMMAND=ADD CNI_IFNAME=eth0 CNI_PATH=\(node.plugins) NODE=$$
            one() { unshare -n bash -c '
                export CNI_CONTAINERID=c'$1' CNI_NETNS=/proc/$$/ns/net
                nsenter --net=/proc/'$NODE'/ns/net bin/poplin < conf > add.'$1'; touch up.'$1'
                until test -e go; do sleep 0.02; done
            '; }
            for i in $(seq 20); do one $i & done
            until test $(ls | grep -c '^up') = 20; do sleep 0.02; done
            ls /var/lib/cni/networks/net | grep -c '^10[.]'; nft list ruleset | grep -c '\"net/.* : 10.88.3.[0-9]* [.] 80'
            touch go; wait
            """
        #expect(try node.shell(script) == "1\n1\n")
        let answers = try (1...20).map { try JSONValue.parse(try Files.read(node.directory.file("add.\($0)"))) }
        let refused = answers.filter { $0["code"]?.int == 11 }
        #expect(refused.count == 19)
        #expect(
            refused.allSatisfy { $0["msg"]?.string?.contains("host port tcp 8080 is taken by container c") == true })
    }

    @Test func `two hundred ADDs at once: none fails, no address twice, and nothing left after as many DELs`() throws {
        let node = try PluginNode()
        let config = try node.poplin()
        try Files.replace(node.directory.file("conf"), config.serialized().utf8)
        // Namespaces of the node's own, which go with it.
        let script = """
            cd \(node.directory.path); export CNI_IFNAME=eth0 CNI_PATH=\(node.plugins)
            one() { unshare -n bash -c '
                touch up.'$1'; until test -e go; do sleep 0.02; done
                export CNI_CONTAINERID=c'$1' CNI_NETNS=/proc/$$/ns/net
                CNI_COMMAND=ADD nsenter --net=/proc/'$NODE'/ns/net bin/poplin < conf > add.'$1' || touch failed.'$1'
                CNI_COMMAND=DEL nsenter --net=/proc/'$NODE'/ns/net bin/poplin < conf > del.'$1' || touch failed.'$1'
            '; }
            export NODE=$$
            for i in $(seq 200); do one $i & done
            until test $(ls | grep -c '^up') = 200; do sleep 0.05; done
            touch go; wait
            ls | grep failed | sed 's/failed/add/' | xargs -r cat
            """
        #expect(try node.shell(script) == "")
        var addresses: Set<String> = []
        for number in 1...200 {
            let result = try JSONValue.parse(try Files.read(node.directory.file("add.\(number)")))
            addresses.formUnion((result["ips"]?.array ?? []).compactMap { $0["address"]?.string })
        }
        #expect(!addresses.isEmpty)
        #expect(try node.leftovers().isEmpty)
    }
}
