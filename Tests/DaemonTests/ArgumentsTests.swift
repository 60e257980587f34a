import Daemon
import Testing

@Suite("Arguments")
struct ArgumentsTests {
    let flags = [
        Flag("etcd-endpoints", default: "http://127.0.0.1:2379", "Where etcd is."),
        Flag("ip-masq", .bool, default: "false", "Masquerade."),
        Flag("v", .integer, default: "0"),
        Flag("iface", isRepeatable: true),
        Flag("lease", .duration, default: "1h"),
        Flag("log-format", .choice(["text", "json"]), default: "text"),
        Flag("kube-subnet-mgr", .bool, default: "false", unsupported: "leases in Kubernetes are not supported yet"),
    ]

    func parse(_ words: [String], _ environment: [String: String] = [:]) throws(ArgumentsError) -> Arguments {
        try Arguments(flags, words, environment: environment, environmentPrefix: "FLANNELD_")
    }

    func problems(_ words: [String], _ environment: [String: String] = [:]) -> [String] {
        do {
            _ = try parse(words, environment)
            return []
        } catch {
            return error.problems
        }
    }

    @Test("defaults hold where nothing is said")
    func defaults() throws {
        let arguments = try parse([])
        #expect(arguments.string("etcd-endpoints") == "http://127.0.0.1:2379")
        #expect(!arguments.bool("ip-masq") && !arguments.isSet("ip-masq"))
        #expect(arguments.integer("v") == 0)
        #expect(arguments.duration("lease") == .seconds(3600))
        #expect(arguments.strings("iface").isEmpty && arguments.string("iface") == nil)
    }

    @Test("one dash and two, with equals sign and without, mean the same")
    func spellings() throws {
        for words in [["-v=4"], ["--v=4"], ["-v", "4"], ["--v", "4"]] {
            #expect(try parse(words).integer("v") == 4)
        }
        for words in [["-ip-masq"], ["--ip-masq"], ["--ip-masq=true"], ["-ip-masq=1"], ["--ip-masq=T"]] {
            #expect(try parse(words).bool("ip-masq"))
        }
        #expect(try !parse(["--ip-masq", "--ip-masq=false"]).bool("ip-masq"))
        #expect(try parse(["--etcd-endpoints=a=b"]).string("etcd-endpoints") == "a=b")
        #expect(try parse(["--etcd-endpoints="]).string("etcd-endpoints") == "")
    }

    @Test("a boolean does not eat the next word, and flags end at the first word that is none")
    func positionals() throws {
        let arguments = try parse(["--ip-masq", "false", "-v=9"])
        #expect(arguments.bool("ip-masq") && arguments.positionals == ["false", "-v=9"] && arguments.integer("v") == 0)
        #expect(try parse(["-v", "1", "--", "-x"]).positionals == ["-x"])
        #expect(try parse(["-"]).positionals == ["-"])
    }

    @Test("a repeatable flag keeps all its values, another its last")
    func repeated() throws {
        let arguments = try parse(["--iface=eth0", "--iface", "eth1", "-v=1", "-v=2"])
        #expect(arguments.strings("iface") == ["eth0", "eth1"])
        #expect(arguments.strings("v") == ["2"])
    }

    @Test("the environment stands behind the command line and before the defaults")
    func environment() throws {
        let environment = ["FLANNELD_IP_MASQ": "true", "FLANNELD_V": "3", "FLANNELD_LEASE": "", "OTHER": "x"]
        let arguments = try parse(["-v=7"], environment)
        #expect(arguments.bool("ip-masq") && arguments.isSet("ip-masq"))
        #expect(arguments.integer("v") == 7)
        #expect(arguments.duration("lease") == .seconds(3600))
    }

    @Test(
        "Go's durations",
        arguments: [
            ("10s", Duration.seconds(10)), ("1h30m", .seconds(5400)), ("500ms", .milliseconds(500)), ("0", .zero),
            ("1.5m", .seconds(90)), ("-2s", .seconds(-2)), ("3us", .microseconds(3)),
        ])
    func durations(text: String, duration: Duration) throws {
        let arguments = try parse(["--lease=\(text)"])
        let difference = try #require(arguments.duration("lease")) - duration
        #expect(abs(difference / .nanoseconds(1)) < 10)
    }

    @Test("everything that is wrong is named at once")
    func everyProblem() {
        let words = [
            "--nope=1", "-v=x", "--lease=10", "--log-format", "xml", "--ip-masq=maybe", "--=x", "---v=1", "-iface",
        ]
        #expect(
            problems(words, ["FLANNELD_NOPE": "1", "FLANNELD_LEASE": "never"]) == [
                "-nope: unknown flag", "-v: \"x\" is not an integer",
                "-lease: \"10\" is not a duration, such as 10s or 1h30m",
                "-log-format: \"xml\" is none of text, json", "-ip-masq: \"maybe\" is neither true nor false",
                "--=x: bad flag syntax", "---v=1: bad flag syntax", "-iface: needs a value",
                "FLANNELD_NOPE: no flag belongs to this environment variable",
            ])
        #expect(problems([], ["FLANNELD_V": "x"]) == ["FLANNELD_V: \"x\" is not an integer"])
    }

    @Test("an unsupported flag may be written with its default only")
    func unsupported() {
        let reason = "leases in Kubernetes are not supported yet"
        #expect(problems(["--kube-subnet-mgr=false"]) == [])
        #expect(problems(["--kube-subnet-mgr=0"]) == [])
        #expect(problems(["--kube-subnet-mgr"]) == ["-kube-subnet-mgr: \(reason)"])
        #expect(problems([], ["FLANNELD_KUBE_SUBNET_MGR": "true"]) == ["FLANNELD_KUBE_SUBNET_MGR: \(reason)"])
    }

    @Test("help is asked for in any spelling, and names every flag with its default and variable")
    func help() throws {
        for word in ["-h", "-help", "--help"] { #expect(try parse([word, "--nope"]).wantsHelp) }
        let text = Arguments.help(flags, environmentPrefix: "FLANNELD_")
        for flag in flags { #expect(text.contains("--\(flag.name)")) }
        #expect(text.contains("Where etcd is. (default http://127.0.0.1:2379; FLANNELD_ETCD_ENDPOINTS)"))
        #expect(text.contains("not supported: leases in Kubernetes"))
    }
}
