import Glibc
import JSON
import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

/// The commands as people run them, beside a daemon and an API server that are real processes.
@Suite(.requiresRoot) struct InspectionCommandTests {
    @Test("check, status and trace say what is there, what is missing, and whom they cannot ask")
    func commands() throws {
        let live = try LiveNode()
        try live.createService(1)
        try live.startProxy()
        try eventually("the Service leads somewhere") { try live.endpoint(1) != nil }

        let fine = try live.inspect("check", "proxy")
        #expect(fine.status == 0 && fine.standardOutput.hasPrefix("ok: "), "\(fine)")
        let status = try live.inspect("status", "proxy")
        #expect(status.status == 0 && status.standardOutput.contains("node here, mode nftables"), "\(status)")
        #expect(status.standardOutput.contains("\n  services4 "), "\(status)")
        let json = try JSONValue.parse(live.inspect("status", "proxy", "--json").standardOutput).object
        #expect(json?["daemon"]?.object?["healthy"] == true)
        #expect((json?["table"]?.object?["endpoints"]?.int ?? 0) > 0)

        let trace = try live.inspect("trace", "192.168.30.77", "10.96.1.1:80")
        #expect(trace.status == 0 && trace.standardOutput.contains("services: Service default/web-1"), "\(trace)")
        #expect(trace.standardOutput.contains("10.30.2.1:8080"))
        let planned = try live.inspect("trace", "192.168.30.77", "10.96.1.1:80", "--planned")
        #expect(planned.standardOutput == trace.standardOutput)

        live.endProxy(SIGKILL)
        try live.node.run {
            var socket = try NFTSocket()
            let services = ProxySet.services.set(.v4)
            let element = Element([.address(address("10.96.1.1")), .l4proto(.tcp), .port(80)])
            var harm = Transaction()
            harm.delete([element], from: services)
            try socket.commit(harm)
        }
        let harmed = try live.inspect("check", "proxy")
        #expect(harmed.status == 1)
        #expect(
            harmed.standardOutput == """
                missing element inet poplin-proxy services4 { 10.96.1.1 . tcp . 80 comment "default/web-1" : goto \
                endpoints4-1 }  (default/web-1)

                """)
        let differences = try JSONValue.parse(live.inspect("check", "proxy", "--json").standardOutput).object
        #expect(differences?["equal"] == false && differences?["differences"]?.array?.count == 1)
        let down = try live.inspect("status", "proxy")
        #expect(down.status == 1 && down.standardOutput.contains("daemon     does not answer"), "\(down)")

        live.killServer()
        let unknown = try live.inspect("check", "proxy")
        #expect(unknown.status == 2 && unknown.standardError.hasPrefix("poplin check proxy: "), "\(unknown)")
        #expect(try live.inspect("check", "proxy", "--no-such-flag").status == 2)
        // Who asks nobody needs nobody.
        #expect(try live.inspect("trace", "192.168.30.77", "10.96.1.1:81").status == 0)
    }
}
