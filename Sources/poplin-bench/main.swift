internal import Glibc
internal import Linux

let usage = """
    usage: poplin-bench cni [one|parallel|growth]
           poplin-bench overlay
           poplin-bench store [directory on the disk to measure]
           poplin-bench client
           poplin-bench http
           poplin-bench proxy [table|packets|daemon]
           poplin-bench server [directory on the disk to measure]
           poplin-bench hostile [the same]

    Measures Poplin's own costs, and as ratios against what Debian ships, in one run on one machine. cni,
    overlay and proxy need root and work in network namespaces of their own. Build first: scripts/build.
    """

do {
    let directory = try Files.programDirectory()
    switch CommandLine.arguments.dropFirst().first {
    case "cni":
        try enterSandbox()
        try CNIBench(plugins: "\(directory)/cni").run(CommandLine.arguments.dropFirst(2).first)
    case "overlay":
        try enterSandbox()
        try OverlayBench(program: "\(directory)/poplin").run()
    case "store":
        try StoreBench(directory: CommandLine.arguments.dropFirst(2).first ?? "/tmp/poplin-bench-store").run()
    case "client": try ClientBench().run()
    case "http":
        let words = Array(CommandLine.arguments.dropFirst(2))
        if words.count == 2, words[0] == "serve" {
            try BenchHTTPServer.serve(words[1])
        } else {
            try HTTPBench().run()
        }
    case "proxy":
        try enterSandbox()
        let part = CommandLine.arguments.dropFirst(2).first
        if part == nil || part == "table" { try ProxyBench().run() }
        if part == nil || part == "packets" { try FirstPacketBench().run() }
        if part == nil || part == "daemon" { try LiveProxyBench(program: "\(directory)/poplin").run() }
    case "hostile":
        let place = CommandLine.arguments.dropFirst(2).first ?? "/tmp"
        try HostileBench(program: "\(directory)/poplin", place: place).run()
    case "server":
        let place = CommandLine.arguments.dropFirst(2).first ?? "/tmp"
        try ServerBench(program: "\(directory)/poplin", place: place).run()
    default:
        print(usage)
        exit(64)
    }
} catch {
    print("poplin-bench: \(error)")
    exit(1)
}
