import Lab
import Linux
import TestSupport
import Testing

@Suite("A diagram")
struct DiagramTests {
    private static func model(nodes: Int) -> DiagramModel {
        DiagramModel(
            title: "One flat pod network", subtitle: "a < b & c", underlay: "underlay",
            nodes: (1...nodes).map { number in
                DiagramModel.Node(
                    name: "node\(number)", underlay: ["172.31.0.\(number)"], subnets: ["10.42.\(number).0/24"],
                    pods: [("web", ["10.42.\(number).2", "fd42::\(number)"])],
                    tunnels: [("flannel.1 · VNI 1", ["10.42.\(number).0"])])
            }, etcd: "172.31.0.250", outside: "172.31.0.251")
    }

    @Test("names all nodes, pods and addresses, with markup escaped", arguments: [1, 3, 9])
    func contents(nodes: Int) {
        let svg = Diagram(Self.model(nodes: nodes)).svg
        for number in 1...nodes {
            for text in ["node\(number)", "172.31.0.\(number)", "10.42.\(number).2", "fd42::\(number)"] {
                #expect(svg.contains(">\(text)</text>"))
            }
        }
        #expect(svg.contains("a &lt; b &amp; c"))
        #expect(svg.contains("prefers-color-scheme: dark"))
    }

    @Test("is a picture that an SVG reader takes", .requiresProgram("rsvg-convert"))
    func renders() throws {
        let directory = try TemporaryDirectory()
        try Files.replace(directory.file("lab.svg"), Diagram(Self.model(nodes: 5)).svg.utf8)
        let path = try #require(Program.path(of: "rsvg-convert"))
        let output = try Command(path, [directory.file("lab.svg"), "-o", directory.file("lab.png")]).run()
        #expect(output.status == 0, "\(output.standardError)")
        #expect(try Files.read(directory.file("lab.png")).count > 1000)
    }
}
