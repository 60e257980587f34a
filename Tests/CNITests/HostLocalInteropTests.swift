import CNI
import Glibc
import JSON
import Lab
import Linux
import NetTypes
import TestSupport
import Testing

/// Ours and the reference plugin on one data directory, in turn and at once.
@Suite(
    .enabled(
        "needs containernetworking-plugins: scripts/setup installs it",
        { Files.isExecutable(Executable.reference) }))
struct HostLocalInteropTests {
    private static func reference(_ verb: String, _ id: String, _ config: String) throws -> JSONValue {
        let environment = [
            "CNI_COMMAND": verb, "CNI_CONTAINERID": id, "CNI_NETNS": "/none", "CNI_IFNAME": "eth0", "CNI_PATH": "/x",
        ]
        let output = try Command(Executable.reference, environment: environment).run(input: config)
        try #require(output.status == 0, "\(output.standardOutput)")
        return output.standardOutput.isEmpty ? .null : try JSONValue.parse(output.standardOutput)
    }

    @Test func `in turn: no address twice, each frees what the other reserved`() throws {
        let node = try TestNode()
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let config = HostLocalNetwork(
            node: node.dataDirectory, version: "1.0.0",
            ipam: #""ranges": [[{"subnet": "10.1.0.0/26"}], [{"subnet": "fd00::/64"}]]"#
        ).config
        var held: [String: [String]] = [:]
        for step in 0..<120 {
            let byReference = Bool.random(using: &random)
            if held.count < 40 && (held.isEmpty || Int.random(in: 0..<5, using: &random) < 3) {
                let id = "pod\(step)"
                let result =
                    byReference
                    ? try Self.reference("ADD", id, config)
                    : node.call("ADD", config, id: id, program: "host-local").json
                let addresses = (result["ips"]?.array ?? []).compactMap { $0["address"]?.string }
                #expect(addresses.count == 2, "seed \(seed), step \(step): \(result.serialized())")
                let taken = Set(held.values.joined())
                #expect(taken.isDisjoint(with: addresses), "seed \(seed), step \(step): \(addresses)")
                held[id] = addresses
            } else if let id = held.keys.sorted().randomElement(using: &random) {
                if byReference {
                    _ = try Self.reference("DEL", id, config)
                } else {
                    #expect(node.call("DEL", config, id: id, program: "host-local").succeeded)
                }
                held[id] = nil
            }
            let onDisk = Set(node.reservations)
            let expected = Set(held.values.joined().map { String($0.prefix { $0 != "/" }) })
            #expect(onDisk == expected, "seed \(seed), step \(step)")
        }
    }

    @Test func `the rotation goes on where the other left off, and each sees what the other holds`() throws {
        let node = try TestNode()
        let config = HostLocalNetwork(
            node: node.dataDirectory, version: "1.0.0", ipam: #""subnet": "10.1.0.0/29""#
        ).config
        func address(_ result: JSONValue) -> String? { result["ips"]?.array?.first?["address"]?.string }
        #expect(address(try Self.reference("ADD", "a", config)) == "10.1.0.2/29")
        #expect(address(node.call("ADD", config, id: "b", program: "host-local").json) == "10.1.0.3/29")
        #expect(address(try Self.reference("ADD", "c", config)) == "10.1.0.4/29")
        #expect(node.call("DEL", config, id: "a", program: "host-local").succeeded)
        _ = try Self.reference("DEL", "b", config)
        for (id, next) in [("d", 5), ("e", 6), ("f", 2)] {
            let result =
                next == 6
                ? try Self.reference("ADD", id, config)
                : node.call("ADD", config, id: id, program: "host-local").json
            #expect(address(result) == "10.1.0.\(next)/29")
        }
        #expect(node.call("CHECK", config, id: "c", program: "host-local").succeeded)
        #expect(node.call("ADD", config, id: "c", program: "host-local").message.contains("duplicate allocation"))
        #expect(try Files.readText("\(node.dataDirectory)/net/last_reserved_ip.0") == "10.1.0.2")
    }

    /// Runs in a mount namespace of its own, so that the executable's default directories are the test's.
    @Test(.requiresRoot, .enabled("needs poplin-cni: swift build") { Files.isExecutable(Executable.path) })
    func `at once: two hundred containers, sixteen at a time, no failure and no address twice`() throws {
        let node = try TestNode()
        let config = HostLocalNetwork(
            node: node.dataDirectory, version: "1.0.0", ipam: #""subnet": "10.1.0.0/24""#
        ).config
        try Files.replace(node.directory.file("conf"), Array(config.utf8))
        try Files.makeDirectories(node.directory.file("bin"))
        try check("link", "host-local") { symlink(Executable.path, node.directory.file("bin/host-local")) }
        let script = """
            set -e
            mount -t tmpfs none /run
            mkdir -p /var/lib/cni && mount -t tmpfs none /var/lib/cni
            cd \(node.directory.path)
            export CNI_NETNS=/none CNI_IFNAME=eth0 CNI_PATH=/x
            one() {
                if [ $(($2 % 4)) = 0 ]; then plugin=\(Executable.reference); else plugin=bin/host-local; fi
                CNI_COMMAND=$1 CNI_CONTAINERID=pod$2 $plugin < conf > out.$1.$2 || { cat out.$1.$2; exit 255; }
            }
            export -f one
            seq 1 200 | xargs -P 16 -I{} bash -c 'one ADD {}'
            seq 1 2 200 | xargs -P 16 -I{} bash -c 'one DEL {}'
            """
        let output = try Command("/usr/bin/unshare", ["-m", "/bin/bash", "-c", script]).run()
        try #require(output.status == 0, "\(output.standardOutput)\(output.standardError)")
        var addresses: [String] = []
        for number in 1...200 {
            let result = try JSONValue.parse(try Files.read(node.directory.file("out.ADD.\(number)")))
            addresses += (result["ips"]?.array ?? []).compactMap { $0["address"]?.string }
        }
        #expect(addresses.count == 200)
        #expect(Set(addresses).count == 200)
        #expect(node.reservations.count == 100)
    }

    @Test func `twenty thousand reservations cost no more than ten`() throws {
        let node = try TestNode()
        let config = HostLocalNetwork(
            node: node.dataDirectory, version: "1.0.0", ipam: #""subnet": "10.0.0.0/8""#
        ).config
        func leastMicroseconds() -> (add: Int, del: Int) {
            let clock = ContinuousClock()
            var (adds, dels): ([Duration], [Duration]) = ([], [])
            for number in 0..<41 {
                adds.append(
                    clock.measure { _ = node.call("ADD", config, id: "probe\(number)", program: "host-local") })
                dels.append(
                    clock.measure { _ = node.call("DEL", config, id: "probe\(number)", program: "host-local") })
            }
            // The quickest of many: what the work costs, whatever else the machine does meanwhile.
            let least = { (times: [Duration]) in Int((times.min() ?? .zero) / .microseconds(1)) }
            return (least(adds), least(dels))
        }
        for number in 0..<10 { #expect(node.call("ADD", config, id: "few\(number)", program: "host-local").succeeded) }
        let few = leastMicroseconds()
        for number in 0..<20_000 {
            try node.put("10.200.\(number / 250).\(number % 250 + 1)", "many\(number)\r\neth0")
        }
        // The first call reads them all, once.
        #expect(node.call("ADD", config, id: "first", program: "host-local").succeeded)
        var many = leastMicroseconds()
        // The disk may be busy yet with what was made.
        for _ in 0..<10 where many.add >= 5 * few.add + 500 || many.del >= 5 * few.del + 500 {
            many = leastMicroseconds()
        }
        print("host-local in process: ADD \(few.add) µs, DEL \(few.del) µs; of 20,000: \(many.add) µs, \(many.del) µs")
        // Generous; a scan would be a hundred times.
        #expect(many.add < 5 * few.add + 500)
        #expect(many.del < 5 * few.del + 500)
        // A DEL that finds nothing is what a runtime sends most: it must not read everything either.
        let clock = ContinuousClock()
        let misses = (0..<21).map { number in
            clock.measure { _ = node.call("DEL", config, id: "absent\(number)", program: "host-local") }
        }
        #expect((misses.min() ?? .zero) < .microseconds(5 * few.del + 500))
    }
}
