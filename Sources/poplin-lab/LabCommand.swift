import Daemon
import Glibc
import JSON
import Lab
import Linux
import NetTypes

/// One command of the laboratory, as typed.
struct LabCommand {
    private let verb: String
    private let arguments: Arguments
    /// The words of `kubectl`.
    private let foreign: [String]

    static let usage = """
        usage: lab COMMAND [FLAGS] [WORDS]

          up [--nodes N] [--backend vxlan|host-gw] [--family v4|v6|dual] [--store sqlite|etcd|leases]
                                     bring a lab up, or repair it
          kubectl ...                kubectl, as the cluster's administrator (all words are its own)
          pod add NODE NAME          make a pod by the CNI plugin
          pod del NODE NAME          delete it
          check [--services] [--json FILE] [--keep-going]
                                     prove the flat network, or the Services, with real packets
          exec NODE_OR_POD -- COMMAND
                                     run a program there (also: server, outside, underlay)
          status                     what runs, and where
          diagram FILE.svg           draw the lab
          down                       take all of it away

        Every command takes --name LAB (default demo); flags stand before words. Labs of different names do not see each
        other.
        """

    private static let name = Flag("name", default: "demo", "the lab")

    private static let flags: [String: [Flag]] = [
        "up": [
            name, Flag("nodes", .integer, default: "3", "how many"),
            Flag("backend", .choice(["vxlan", "host-gw"]), default: "vxlan", "how packets cross the underlay"),
            Flag("family", .choice(["v4", "v6", "dual"]), default: "v4", "address families of pods and underlay"),
            Flag("mtu", .integer, default: "1500", "of the underlay"),
            Flag(
                "store", .choice(LabConfiguration.Store.allCases.map(\.rawValue)), default: "sqlite",
                "what keeps the cluster's state: one poplin server, two on one etcd, or just an etcd with leases"),
        ],
        "pod add": [name], "pod del": [name],
        "check": [
            name, Flag("services", .bool, "the Services in place of the flat network"),
            Flag("json", .string, "write the findings to this file"),
            Flag("keep-going", .bool, "try all, not to the first"),
        ],
        "help": [], "kubectl": [], "exec": [name], "status": [name], "diagram": [name], "down": [name],
        "pod-server": [],
    ]

    init(_ words: [String]) throws {
        // `pod add` and `pod del` are one verb of two words.
        let length = words.first == "pod" ? 2 : 1
        verb = words.prefix(length).joined(separator: " ")
        guard let flags = Self.flags[verb] else { throw LabError("\(verb): no such command\n\n\(Self.usage)") }
        // kubectl's flags are its own.
        let isForeign = verb == "kubectl"
        foreign = isForeign ? Array(words.dropFirst(length)) : []
        arguments = try Arguments(flags, isForeign ? [] : Array(words.dropFirst(length)))
    }

    /// - Returns: the exit status.
    func run() throws -> Int32 {
        if arguments.wantsHelp || verb == "help" {
            print(Self.usage)
            return 0
        }
        switch verb {
        case "up": try up()
        case "down": try Lab.down(labName)
        case "pod add": try addPod()
        case "pod del":
            let words = try words(2, "NODE NAME")
            try open().deletePod(words[1], on: words[0])
        case "check": return try check()
        case "exec": try exec()
        case "kubectl": try kubectl()
        case "status": print(try LabStatus(open()).text)
        case "diagram":
            let path = try words(1, "FILE.svg")[0]
            try Files.replace(path, try Diagram(open()).svg.utf8, mode: 0o644)
        default: try EchoServer().serve()
        }
        return 0
    }

    private var labName: String { arguments.string("name") ?? "demo" }

    private func open() throws -> Lab { try Lab.open(labName, programs: Programs()) }

    private func words(_ count: Int, _ names: String) throws -> [String] {
        guard arguments.positionals.count == count else { throw LabError("\(verb) takes \(names)") }
        return arguments.positionals
    }

    private func up() throws {
        let configuration = LabConfiguration(
            name: labName, nodes: arguments.integer("nodes") ?? 3,
            backend: arguments.string("backend").flatMap(LabConfiguration.Backend.init) ?? .vxlan,
            family: arguments.string("family").flatMap(LabConfiguration.Family.init) ?? .v4,
            mtu: arguments.integer("mtu") ?? 1500,
            store: arguments.string("store").flatMap(LabConfiguration.Store.init) ?? .sqlite)
        _ = try words(0, "no words")
        let start = ContinuousClock.now
        let lab = try Lab.up(configuration, programs: Programs())
        print(
            "lab \(lab.name) is up: \(configuration.nodes) nodes, \(configuration.backend.rawValue),"
                + " \(configuration.family.rawValue) (\((ContinuousClock.now - start).milliseconds) ms)")
        if let kubeconfig = lab.kubeconfig { print("kubeconfig: \(kubeconfig) (used by: lab kubectl)") }
    }

    private func addPod() throws {
        let words = try words(2, "NODE NAME")
        let start = ContinuousClock.now
        let pod = try open().addPod(words[1], on: words[0])
        let addresses = pod.addresses.map { "\($0.address)" }.joined(separator: ", ")
        print("pod \(pod.name) on \(pod.node): \(addresses) (\((ContinuousClock.now - start).milliseconds) ms)")
    }

    private func check() throws -> Int32 {
        let lab = try open()
        guard !lab.pods.isEmpty else {
            throw LabError("there are no pods to check; make some with: lab pod add NODE NAME")
        }
        let ofServices = arguments.bool("services")
        let stopsAtFirst = !arguments.bool("keep-going")
        let report =
            try ofServices ? lab.proveServices(stopsAtFirst: stopsAtFirst) : lab.prove(stopsAtFirst: stopsAtFirst)
        for family in lab.configuration.family.families {
            print("\(family == .v4 ? "IPv4" : "IPv6"), \(lab.configuration.backend.rawValue)")
            print((ofServices ? Matrix(services: report, family) : Matrix(report, family)).text + "\n")
        }
        for note in report.notes { print(note) }
        if let path = arguments.string("json") {
            try Files.replace(path, (report.json.serialized(pretty: true) + "\n").utf8, mode: 0o644)
        }
        for problem in report.problems { print("✗ \(problem)") }
        let proofs = report.findings.reduce(0) { $0 + $1.proofs.count }
        let verdict =
            switch (ofServices, report.holds) {
            case (false, true): "the network is flat"
            case (false, false): "the network is not flat"
            case (true, true): "the Services are served"
            case (true, false): "the Services are not served as they should be"
            }
        let what = ofServices ? "promises" : "pairs"
        print("\(verdict): \(report.findings.count) \(what), \(proofs) probes held (\(report.elapsed.milliseconds) ms)")
        return report.holds ? 0 : 1
    }

    /// Becomes the program, so that terminal, signals and exit status are its own.
    private func exec() throws {
        var words = arguments.positionals
        guard !words.isEmpty else { throw LabError("exec takes NODE_OR_POD -- COMMAND") }
        let target = words.removeFirst()
        if words.first == "--" { words.removeFirst() }
        guard !words.isEmpty else { throw LabError("exec takes NODE_OR_POD -- COMMAND") }
        try become(words, in: open(), target)
    }

    /// The lab's name comes from LAB, since all words are kubectl's.
    private func kubectl() throws {
        let lab = try Lab.open(Environment.all["LAB"] ?? "demo", programs: Programs())
        guard let kubeconfig = lab.kubeconfig else { throw LabError("the lab \(lab.name) has no API server") }
        try become(["kubectl", "--kubeconfig", kubeconfig] + foreign, in: lab, lab.control)
    }

    private func become(_ words: [String], in lab: Lab, _ target: String) throws {
        try lab.place(of: target).enter()
        var pointers = words.map { strdup($0) }
        pointers.append(nil)
        execvp(words[0], pointers)
        throw SystemError("run", words[0], .last)
    }
}

extension Duration {
    var milliseconds: Int { microseconds / 1000 }
}
