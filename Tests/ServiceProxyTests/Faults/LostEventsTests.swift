import Lab
import NFTables
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

@Suite(.requiresRoot) struct LostEventsTests {
    @Test("more events than the kernel keeps cost a look at everything, and hide nothing")
    func overrun() throws {
        let namespace = try LabNamespace("overrun")
        try namespace.run {
            let run = try ApplierRun(monitorSpace: 4096)
            run.set(service: "web", .everywhere())
            run.set(slice: "web", .of([("10.30.1.11", "here")]))
            #expect(try run.flush())
            // Nobody reads while a storm goes over another's table, and then something happens to ours.
            let other = Table(.inet, "storm")
            let set = NFTSet(other, "numbers", key: [.mark])
            var storm = Transaction()
            storm.create(other)
            storm.create(set)
            try run.commit(storm)
            for round in 0..<40 {
                var storm = Transaction()
                storm.create((0..<200).map { Element([.mark(UInt32(round * 200 + $0))]) }, in: set)
                try run.commit(storm)
            }
            var harm = Transaction()
            harm.flush(ProxySet.endpoints.set(.v4))
            try run.commit(harm)
            #expect(try !run.differences().isEmpty)
            try run.loop.run(until: "the table is right") { try run.differences().isEmpty }
            #expect(run.disturbances > 0 && run.repairs > 0)
        }
    }
}
