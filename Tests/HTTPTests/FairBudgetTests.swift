import Testing

@testable import HTTP

@Suite("A budget that clients share")
struct FairBudgetTests {
    @Test("one client alone gets half, and there is always room for one more")
    func shares() {
        var budget = FairBudget(limit: 100)
        var greedy: [FairBudget.Charge] = []
        for client in ["a", "b", "c"] {
            while true {
                var charge = FairBudget.Charge(client: client)
                guard budget.charge(&charge, to: 1) else { break }
                greedy.append(charge)
            }
        }
        #expect(greedy.count { $0.client == "a" } == 50)
        #expect(greedy.count { $0.client == "b" } == 25)
        #expect(greedy.count { $0.client == "c" } == 13)
        var other = FairBudget.Charge(client: "d")
        #expect(budget.charge(&other, to: 5))
        #expect(!budget.hasRoom(for: "a") && budget.hasRoom(for: "e"))
        for index in greedy.indices { budget.release(&greedy[index]) }
        budget.release(&other)
        #expect(budget.used == 0 && budget.hasRoom(for: "a"))
    }

    @Test("what does not fit changes nothing, less always fits, and what is there anyhow is counted")
    func changes() {
        var budget = FairBudget(limit: 10)
        var charge = FairBudget.Charge(client: "a")
        #expect(budget.charge(&charge, to: 5) && !budget.charge(&charge, to: 11))
        #expect(charge.amount == 5 && budget.used == 5)
        budget.add(&charge, 20)
        #expect(budget.used == 25 && !budget.hasRoom(for: "a") && budget.hasRoom(for: "b"))
        #expect(budget.charge(&charge, to: 3) && budget.used == 3)
    }
}
