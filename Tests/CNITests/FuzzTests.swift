import CNI
import JSON
import NetTypes
import TestSupport
import Testing

/// Random input for two seconds a parser. A failure prints the seed; put it into `seed` to have it again.
@Suite struct FuzzTests {
    private static let seed: UInt64? = nil
    private static let limit = Duration.seconds(2)

    /// Calls the body with random generators until the time is up.
    private static func fuzz(_ name: String, _ body: (inout SeededGenerator) throws -> Void) throws {
        let first = seed ?? UInt64.random(in: 0...UInt64.max)
        let end = ContinuousClock.now + limit
        var round: UInt64 = 0
        print("fuzz \(name): seed \(first)")
        while ContinuousClock.now < end && (round == 0 || seed == nil) {
            var random = SeededGenerator(seed: first &+ round)
            do { try body(&random) } catch {
                Issue.record("fuzz \(name): seed \(first &+ round): \(error)")
                return
            }
            round += 1
        }
    }

    @Test func `any stdin gets an answer: a result, or one error object with a code`() throws {
        try Self.fuzz("stdin") { random in
            let node = try TestNode()
            let config = HostLocalNetwork(
                node: node.dataDirectory,
                ipam: #""ranges": [[{"subnet": "10.1.0.0/29"}]], "routes": [{"dst": "::/0"}]"#,
                more: #""prevResult": {"ips": [{"address": "1.2.3.4/8"}]}, "runtimeConfig": {"ips": []}"#)
            var input = Array(config.config.utf8)
            Mutation.apply(to: &input, using: &random)
            // A mutation may change where to write, and only the node's own directory may be written to.
            let directory = Array("\"\(node.dataDirectory)\"".utf8)
            let isHarmless = input.indices.contains { input[$0...].starts(with: directory) }
            let verb = (isHarmless ? ["ADD", "DEL", "CHECK", "GC", "STATUS"] : ["VERSION"]).randomElement(
                using: &random)
            let answer = node.call(
                environment: [
                    "CNI_COMMAND": verb ?? "ADD", "CNI_CONTAINERID": "a", "CNI_NETNS": "/none", "CNI_IFNAME": "eth0",
                    "CNI_PATH": "/x",
                ], input: input, program: "host-local")
            if answer.succeeded { return }
            #expect(answer.code != nil && !answer.message.isEmpty, "\(answer.text)")
        }
    }

    @Test func `any subnet_env is understood or refused, and what is understood prints as itself`() throws {
        let good = """
            FLANNEL_NETWORK=10.244.0.0/16,10.245.0.0/16
            FLANNEL_SUBNET=10.244.3.1/24
            FLANNEL_IPV6_NETWORK=fd00:244::/56
            FLANNEL_IPV6_SUBNET=fd00:244:0:3::1/64
            FLANNEL_MTU=1450
            FLANNEL_IPMASQ=true

            """
        try Self.fuzz("subnet.env") { random throws in
            var input = Array(good.utf8)
            Mutation.apply(to: &input, using: &random)
            guard let env = try? SubnetEnv(text: String(decoding: input, as: UTF8.self)) else { return }
            #expect(try SubnetEnv(text: env.text) == env)
        }
    }

    @Test func `any previous result is understood or refused, and what is understood can be told again`() throws {
        try Self.fuzz("prevResult") { random in
            var input = Array(ResultTests.full.utf8)
            Mutation.apply(to: &input, using: &random)
            guard let json = try? JSONValue.parse(input), let result = try? CNIResult(json: json, version: .latest)
            else { return }
            #expect(try CNIResult(json: try result.json(version: .v110), version: .v110) == result)
            if !result.ips.isEmpty { _ = try result.json(version: .v020) }
        }
    }
}

/// Small damage to a text, as a hand or a disk does it.
enum Mutation {
    private static let fragments = [
        "null", "true", "-1", "1e999", "18446744073709551616", "\"\"", "{}", "[]", "[[]]", "{", "}", "[", "]", "\"",
        ":",
        ",", "=", "\n", "\0", "10.1.0.0/33", "255.255.255.255", "::/0", "fd00::/128", "../", "\u{FFFF}", "\\ud800",
        "0.0.0.0/0", "99999999999999999999",
    ].map { Array($0.utf8) }

    static func apply(to bytes: inout [UInt8], using random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, start + Int.random(in: 0...8, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.replaceSubrange(start..<end, with: fragments.randomElement(using: &random) ?? [])
            case 1: bytes.insert(contentsOf: fragments.randomElement(using: &random) ?? [], at: start)
            case 2: bytes.removeSubrange(start..<end)
            case 3: for index in start..<end { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            default: bytes.insert(contentsOf: bytes[start..<end], at: start)
            }
        }
    }
}
