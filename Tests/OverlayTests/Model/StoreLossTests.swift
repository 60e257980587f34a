import Overlay
import Testing

@Suite struct StoreLossTests {
    private static func lease(_ node: Int, created: Int64, revision: Int64) -> Lease {
        var lease = Samples.lease(node)
        lease.createRevision = created
        lease.revision = revision
        return lease
    }

    /// What two nodes had told before, at the store's revision 9.
    static let known = [lease(2, created: 5, revision: 5), lease(3, created: 6, revision: 9)]

    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var list: [Lease]
        var revision: Int64
        var isLoss: Bool
        var known = StoreLossTests.known
    }

    static let cases = [
        Case(testDescription: "the same list", list: known, revision: 9, isLoss: false),
        Case(testDescription: "one node left", list: [known[0]], revision: 20, isLoss: false),
        Case(
            testDescription: "a node renewed and the other left", list: [lease(3, created: 6, revision: 30)],
            revision: 30, isLoss: false),
        Case(testDescription: "empty and young: wiped", list: [], revision: 1, isLoss: true),
        Case(
            testDescription: "wiped, and one node is back already", list: [lease(3, created: 2, revision: 2)],
            revision: 2, isLoss: true),
        Case(
            testDescription: "wiped long ago: the count has passed the old one, the keys are others",
            list: [lease(2, created: 40, revision: 41), lease(3, created: 42, revision: 42)], revision: 50, isLoss: true
        ),
        Case(
            testDescription: "restored from a backup: behind what was seen", list: [known[0]], revision: 7,
            isLoss: true),
        Case(testDescription: "nobody was known", list: known, revision: 9, isLoss: false, known: []),
        Case(
            testDescription: "what was kept from an earlier loss proves nothing", list: [], revision: 1, isLoss: false,
            known: [lease(2, created: 5, revision: 0)]),
    ]

    @Test("A store that lost its data is told from nodes that left", arguments: cases)
    func judgement(_ example: Case) {
        let isLoss = StoreLoss.isShown(by: example.list, revision: example.revision, known: example.known)
        #expect(isLoss == example.isLoss)
    }
}
