import Glibc
import Linux
import NFTables
import NetTypes
import ServiceProxy

/// A client that sends all its datagrams from one port: to who tracks connections they are one for each front.
///
/// It keeps its socket for that. A port that was given up cannot always be had again at once: each program that another
/// test is just starting holds copies of this process's sockets until it has closed them.
struct DatagramClient: ~Copyable {
    private let client: Scenario.Client
    private let file: FileDescriptor

    /// In the calling thread's network namespace.
    init(_ client: Scenario.Client) throws {
        self.client = client
        let own = Scenario.Flow(
            client: client, destination: Destination(Scenario.clusterIP, 53), transport: .udp, expected: [])
        file = try Visit(own).open()
    }

    /// What becomes of the next datagram, to whatever front it goes. Who expects to hear nothing waits less long.
    func visit(_ front: Destination, expecting fate: Outcome.Fate? = nil) -> Outcome.Fate {
        // What was said, or reported, about an earlier one is no answer.
        var byte: UInt8 = 0
        while recv(file.rawValue, &byte, 1, 0) >= 0 || Errno.last != .again {}
        let expected = Set([fate].compactMap { $0.map { Outcome($0) } })
        return Visit(.init(client: client, destination: front, transport: .udp, expected: expected))
            .outcome(by: file).fate
    }
}
