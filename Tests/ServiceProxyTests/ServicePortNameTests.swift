import NFTables
import ServiceProxy
import Testing

@Suite struct ServicePortNameTests {
    @Test("a port is written as kube-proxy does, and is another one with another protocol")
    func text() {
        #expect("\(ServicePortName("default", "web", port: "http"))" == "default/web:http")
        #expect("\(ServicePortName("default", "web"))" == "default/web")
        #expect(ServicePortName("a", "b", .tcp) != ServicePortName("a", "b", .udp))
    }
}
